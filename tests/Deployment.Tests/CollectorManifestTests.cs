using System.Text.RegularExpressions;
using Commerce.Streaming.LocalProcess;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>k8s/monitoring: the collector of the compose file, and labels as the rules ask for them.</summary>
public sealed partial class CollectorManifestTests
{
    private const string Folder = "k8s/monitoring";
    private const string Settings = "observability/collector.yaml";

    [Fact]
    public void Labels_of_the_services_are_kept()
    {
        var endpoint = RenderedChart.List(Manifest.Single($"{Folder}/service-monitor.yaml", "ServiceMonitor"), "spec", "endpoints").Single();
        RenderedChart.Text(endpoint, "honorLabels").ShouldBe("true");
        RepositoryFolder.Read("observability/prometheus/prometheus.yml").ShouldMatch(@"job_name: collector\n(\s+#.*\n)*\s+honor_labels: true");
    }

    [Fact]
    public void The_service_monitor_finds_the_service_and_the_service_the_pod()
    {
        var (service, pod) = (Manifest.Single($"{Folder}/collector.yaml", "Service"), Template());
        var monitor = Manifest.Single($"{Folder}/service-monitor.yaml", "ServiceMonitor");
        Manifest.Settings(monitor, "spec", "selector", "matchLabels").ShouldBe(Manifest.Settings(service, "metadata", "labels"), ignoreOrder: true);
        Manifest.Settings(service, "spec", "selector").ShouldBe(Manifest.Settings(pod, "metadata", "labels"), ignoreOrder: true);

        var open = RenderedChart.List(Container(), "ports").ToDictionary(each => RenderedChart.Text(each, "name"), each => RenderedChart.Text(each, "containerPort"));
        Port().Matches(RepositoryFolder.Read(Settings)).Select(match => match.Groups["port"].Value).Order().ShouldBe(open.Values.Order());
        var served = RenderedChart.List(service, "spec", "ports").ToDictionary(each => RenderedChart.Text(each, "name"));
        served.Values.ShouldAllBe(port => open[RenderedChart.Text(port, "targetPort")] == RenderedChart.Text(port, "port"));
        served.ShouldContainKey(RenderedChart.Text(RenderedChart.List(monitor, "spec", "endpoints").Single(), "port"));
    }

    [Fact]
    public void The_image_is_that_of_the_compose_file() =>
        RepositoryFolder.Read("docker-compose.yml").ShouldContain($"image: {RenderedChart.Text(Container(), "image")}\n");

    [Fact]
    public void A_service_is_told_of_by_one_pod_at_a_time()
    {
        var deployment = Manifest.Single($"{Folder}/collector.yaml", "Deployment");
        RenderedChart.Text(deployment, "spec", "replicas").ShouldBe("1");
        RenderedChart.Text(deployment, "spec", "strategy", "type").ShouldBe("Recreate");
    }

    [Fact]
    public void Its_settings_have_one_source()
    {
        RenderedChart.List(Manifest.Single($"{Folder}/kustomization.yaml", "Kustomization"), "resources").ShouldContain(new YamlScalarNode("../../observability"));
        var generator = RenderedChart.List(Manifest.Single("observability/kustomization.yaml", "Kustomization"), "configMapGenerator").Single();
        RenderedChart.List(generator, "files").ShouldBe([new YamlScalarNode(Path.GetFileName(Settings))]);
        var volume = RenderedChart.List(Template(), "spec", "volumes").Single();
        RenderedChart.Text(volume, "configMap", "name").ShouldBe(RenderedChart.Text(generator, "name"));
        var mounted = RenderedChart.Text(RenderedChart.List(Container(), "volumeMounts").Single(), "mountPath");
        RenderedChart.List(Container(), "args").Last().ToString().ShouldBe($"{mounted}/{Path.GetFileName(Settings)}");
    }

    [Fact]
    public async Task What_kubectl_makes_of_it_holds_the_settings_as_they_are()
    {
        Assert.SkipWhen(Executables.Find("kubectl") is null, "kubectl is not on the path");
        var file = Path.GetTempFileName();
        try
        {
            var command = new ChildCommand("kubectl", ["kustomize", Path.Combine(RepositoryFolder.Root, Folder)]) { LogFile = file };
            var code = await ChildProcesses.RunAsync(command, TestContext.Current.CancellationToken);
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            code.ShouldBe(0, text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var made = stream.Documents.Select(document => document.RootNode).ToList();
            var settings = made.Single(each => RenderedChart.Text(each, "kind") == "ConfigMap");
            RenderedChart.Text(settings, "data", Path.GetFileName(Settings)).ShouldBe(RepositoryFolder.Read(Settings));
            var deployment = made.Single(each => RenderedChart.Text(each, "kind") == "Deployment");
            RenderedChart.Text(RenderedChart.List(deployment, "spec", "template", "spec", "volumes").Single(), "configMap", "name")
                .ShouldBe(RenderedChart.Text(settings, "metadata", "name"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static YamlNode Template() => RenderedChart.At(Manifest.Single($"{Folder}/collector.yaml", "Deployment"), "spec", "template")!;

    private static YamlNode Container() => RenderedChart.List(Template(), "spec", "containers").Single();

    [GeneratedRegex(@"0\.0\.0\.0:(?<port>\d+)")]
    private static partial Regex Port();
}
