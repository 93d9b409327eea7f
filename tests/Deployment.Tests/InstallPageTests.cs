using System.Text.RegularExpressions;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>An installation on servers of one's own, as docs/DEPLOY.md walks through it.</summary>
public sealed partial class InstallPageTests
{
    private const string Release = "shop-commerce-streaming";

    private static string Section { get; } = RepositoryFolder.Read("docs/DEPLOY.md").Split("\n## On your own servers\n")[1].Split("\n## ")[0];

    [Fact]
    public async Task Every_secret_of_the_pages_values_is_made_by_a_command_on_the_page_with_the_keys_that_are_read()
    {
        var chart = await ChartAsync();
        var made = Command().Matches(Section).ToDictionary(match => $"Secret {match.Groups["name"].Value}", match => Key().Matches(match.Value).Select(key => key.Groups["key"].Value).ToHashSet());

        chart.Objects.SelectMany(SecretReferences.Of).Distinct().Order().ShouldBe(made.Keys.Order());
        foreach (var (secret, key) in chart.Objects.SelectMany(SecretReferences.KeysOf).Distinct())
            made[secret].ShouldContain(key, secret);
    }

    [Fact]
    public async Task It_needs_nothing_in_the_cluster_but_kubernetes() => (await ChartAsync()).Objects
        .Select(each => RenderedChart.Text(each, "apiVersion")).Distinct().Order().ShouldBe(["apps/v1", "batch/v1", "networking.k8s.io/v1", "policy/v1", "v1"]);

    [Fact]
    public void Helm_waits_for_longer_than_the_jobs_may_take()
    {
        var deadline = int.Parse(Regex.Match(RepositoryFolder.Read("helm/commerce-streaming/values.yaml"), @"\njobs:\n  deadlineSeconds: (\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        var page = RepositoryFolder.Read("docs/DEPLOY.md").Replace("\\\n", "", StringComparison.Ordinal);
        var commands = Helm().Matches(page).Where(match => match.Value.Contains("--wait", StringComparison.Ordinal)).Select(match => match.Value).ToList();
        commands.Count.ShouldBe(3, "trial, install, upgrade");
        foreach (var command in commands)
            (60 * int.Parse(Minutes().Match(command).Groups["minutes"].Value, System.Globalization.CultureInfo.InvariantCulture)).ShouldBeGreaterThan(deadline, command);
    }

    [Fact]
    public async Task What_the_page_forwards_to_is_there() =>
        (await ChartAsync()).OfKind("Service").Select(each => RenderedChart.Text(each, "metadata", "name")).ShouldContain(Forwarded().Match(Section).Groups["name"].Value);

    private static async Task<RenderedChart> ChartAsync()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Values().Match(Section).Groups["yaml"].Value, TestContext.Current.CancellationToken);
            var chart = await RenderedChart.OfAsync("--values", file);
            chart.OfKind("Deployment").ShouldAllBe(each => RenderedChart.Text(each, "metadata", "name").StartsWith(Release, StringComparison.Ordinal));
            return chart;
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Values();

    // A command goes on behind a backslash at the end of a line.
    [GeneratedRegex(@"create secret (generic|tls|docker-registry) (?<name>\S+)(\\\n|[^\n])*")]
    private static partial Regex Command();

    [GeneratedRegex(@"--from-(literal|file)=""?(?<key>[\w.${}-]+)")]
    private static partial Regex Key();

    [GeneratedRegex("helm (install|upgrade)[^\n`]*")]
    private static partial Regex Helm();

    [GeneratedRegex(@"--timeout (?<minutes>\d+)m")]
    private static partial Regex Minutes();

    [GeneratedRegex("port-forward service/(?<name>\\S+)")]
    private static partial Regex Forwarded();
}
