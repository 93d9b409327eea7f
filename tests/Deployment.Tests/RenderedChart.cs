using Commerce.Streaming.LocalProcess;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>What helm makes of the chart, as objects.</summary>
internal sealed class RenderedChart
{
    public const string Release = "shop";
    private readonly List<YamlMappingNode> _objects;

    private RenderedChart(List<YamlMappingNode> objects) => _objects = objects;

    /// <summary>Skips the test where there is no helm.</summary>
    public static async Task<RenderedChart> OfAsync(params string[] options)
    {
        Assert.SkipWhen(Executables.Find("helm") is null, "helm is not on the path");
        var folder = Directory.CreateTempSubdirectory("commerce-test-chart");
        try
        {
            var log = Path.Combine(folder.FullName, "out");
            var code = await ChildProcesses.RunAsync(
                new ChildCommand("helm", ["template", Release, Path.Combine(RepositoryFolder.Root, "helm/commerce-streaming"), .. options]) { LogFile = log },
                TestContext.Current.CancellationToken);
            var text = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
            code.ShouldBe(0, text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return new RenderedChart([.. stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>()]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static Task<RenderedChart> TrialAsync() => OfAsync("--set", "trial.enabled=true");

    public static Task<RenderedChart> ProductionAsync() =>
        OfAsync("--values", Path.Combine(RepositoryFolder.Root, "helm/commerce-streaming/ci/production-values.yaml"));

    public IEnumerable<YamlMappingNode> OfKind(string kind) => _objects.Where(each => Text(each, "kind") == kind);

    /// <summary>The component that an object's labels name.</summary>
    public static string Component(YamlNode node) => Text(node, "metadata", "labels", "app.kubernetes.io/component");

    public static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)At(node, path)!).Value!;

    public static IEnumerable<YamlNode> List(YamlNode node, params string[] path) => At(node, path) is YamlSequenceNode list ? list : [];

    public static YamlNode? At(YamlNode node, params string[] path)
    {
        var at = node;
        foreach (var step in path)
        {
            if (at is not YamlMappingNode map || !map.Children.TryGetValue(new YamlScalarNode(step), out var next))
                return null;
            at = next;
        }

        return at;
    }
}
