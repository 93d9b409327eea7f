using Commerce.Streaming.LocalProcess;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>What helm makes of the chart, as objects.</summary>
internal sealed class RenderedChart
{
    public const string Release = "shop";
    private readonly List<YamlMappingNode> _objects;

    private RenderedChart(List<YamlMappingNode> objects) => _objects = objects;

    public static string Folder { get; } = Path.Combine(RepositoryFolder.Root, "helm/commerce-streaming");

    private static string ProductionValues { get; } = Path.Combine(Folder, "ci/production-values.yaml");

    /// <summary>Skips the test where there is no helm.</summary>
    public static async Task<RenderedChart> OfAsync(params string[] options)
    {
        var (code, text) = await HelmAsync(options);
        code.ShouldBe(0, text);
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return new RenderedChart([.. stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>()]);
    }

    /// <summary>What helm says against it.</summary>
    public static async Task<string> RefusalAsync(params string[] options)
    {
        var (code, text) = await HelmAsync(options);
        code.ShouldNotBe(0, "helm renders it");
        return text;
    }

    private static async Task<(int Code, string Text)> HelmAsync(string[] options)
    {
        Assert.SkipWhen(Executables.Find("helm") is null, "helm is not on the path");
        var folder = Directory.CreateTempSubdirectory("commerce-test-chart");
        try
        {
            var log = Path.Combine(folder.FullName, "out");
            var code = await ChildProcesses.RunAsync(
                new ChildCommand("helm", ["template", Release, Folder, .. options]) { LogFile = log },
                TestContext.Current.CancellationToken);
            return (code, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static Task<RenderedChart> TrialAsync() => OfAsync("--set", "trial.enabled=true");

    /// <param name="options">Beside the values of everything switched on.</param>
    public static Task<RenderedChart> ProductionAsync(params string[] options) => OfAsync(["--values", ProductionValues, .. options]);

    public IEnumerable<YamlMappingNode> OfKind(string kind) => _objects.Where(each => Text(each, "kind") == kind);

    /// <summary>Everything, whatever kind.</summary>
    public IReadOnlyList<YamlMappingNode> Objects => _objects;

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
