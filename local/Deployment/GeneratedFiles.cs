using Commerce.Streaming.Contracts;
using Commerce.Streaming.Deployment.Dashboards;
using Commerce.Streaming.Deployment.Kubernetes;
using Commerce.Streaming.Deployment.Metrics;

namespace Commerce.Streaming.Deployment;

/// <summary>What a file should hold.</summary>
/// <param name="Path">From the repository's root, slashes forward.</param>
public sealed record GeneratedFile(string Path, string Content);

/// <summary>The files of helm/, k8s/ and observability/ that follow from something else in the repository, and from what.</summary>
public sealed class GeneratedFiles(string root)
{
    private const string Chart = "helm/commerce-streaming/files/";
    private const string Rules = "observability/prometheus/rules.yml";

    private const string MetricTables = "docs/metrics.md";

    public MetricCatalogue Metrics => MetricCatalogue.Parse(Read(MetricTables));

    /// <summary>Strimzi's topics, and the operator's user, who may see to the dead letters among them, from the topic catalogue.</summary>
    /// <param name="multiple">By how much there are to be more partitions than the catalogue says; the repository holds those of 1.</param>
    public IReadOnlyList<GeneratedFile> TopicFiles(int multiple = 1) =>
        [new("k8s/base/topics.yaml", TopicManifests.Of(Topics.All, multiple)), new("k8s/base/operator.yaml", OperatorManifest.Of(Topics.All))];

    /// <summary>Dashboards from their definitions; the chart's copies of dashboards, rules and service catalogue; the rules as a resource.</summary>
    public IReadOnlyList<GeneratedFile> MonitoringFiles
    {
        get
        {
            var writer = new GrafanaWriter(Metrics);
            var dashboards = DashboardSet.All.Select(dashboard => (Name: dashboard.Id + ".json", Json: writer.Write(dashboard))).ToList();
            return
            [
                .. dashboards.Select(dashboard => new GeneratedFile("observability/grafana/dashboards/" + dashboard.Name, dashboard.Json)),
                .. dashboards.Select(dashboard => new GeneratedFile(Chart + "dashboards/" + dashboard.Name, dashboard.Json)),
                new(Chart + "rules.yml", Read(Rules)),
                new(Chart + "catalogue.json", Read("services/catalogue.json")),
                new(Chart + "sources.json", Read("local/sources.json")),
            ];
        }
    }

    public IReadOnlyList<GeneratedFile> All => [.. TopicFiles(), .. MonitoringFiles];

    /// <summary>Those whose content on disk is another.</summary>
    public IEnumerable<GeneratedFile> Stale(IEnumerable<GeneratedFile> files) => files.Where(file => !Exists(file.Path) || Read(file.Path) != file.Content);

    /// <summary>Writes what is stale.</summary>
    /// <returns>How many files were written.</returns>
    public int Write(IEnumerable<GeneratedFile> files)
    {
        var stale = Stale(files).ToList();
        foreach (var file in stale)
        {
            var path = Path.Combine(root, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Content);
        }
        return stale.Count;
    }

    internal static string Header(string command, string source) => $"# Written by {command} from {source}: change that, not this.\n";

    private bool Exists(string path) => File.Exists(Path.Combine(root, path));

    private string Read(string path) => File.ReadAllText(Path.Combine(root, path));
}
