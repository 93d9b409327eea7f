namespace Commerce.Streaming.Deployment.Tests;

public sealed class GeneratedFilesTests
{
    [Fact]
    public void What_follows_from_the_code_is_as_the_code_says() => RepositoryFolder.Generated
        .Stale(RepositoryFolder.Generated.All).Select(file => file.Path)
        .ShouldBeEmpty("Run: ./commerce k8s topics && ./commerce k8s monitoring, and commit what they write");

    [Fact]
    public void A_dashboard_that_nothing_makes_is_found()
    {
        var made = RepositoryFolder.Generated.MonitoringFiles.Select(file => Path.GetFileName(file.Path)).ToHashSet();
        foreach (var folder in new[] { "observability/grafana/dashboards", "helm/commerce-streaming/files/dashboards" })
            Directory.GetFiles(Path.Combine(RepositoryFolder.Root, folder)).Select(Path.GetFileName).ShouldAllBe(name => made.Contains(name!));
    }
}
