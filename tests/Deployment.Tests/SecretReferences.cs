using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>Secrets and ConfigMaps that a rendered object needs, wherever it names them.</summary>
internal static class SecretReferences
{
    /// <returns>"Secret name" or "ConfigMap name", each once.</returns>
    public static IReadOnlyList<string> Of(YamlNode node) => [.. Find(node).Distinct().Order(StringComparer.Ordinal)];

    /// <returns>Secrets or ConfigMaps, and a key of theirs that must be there.</returns>
    public static IEnumerable<(string Object, string Key)> KeysOf(YamlNode node) => node switch
    {
        YamlSequenceNode list => list.SelectMany(KeysOf),
        YamlMappingNode map => map.Children.SelectMany(child => KeysOf(child.Value))
            .Concat(RenderedChart.At(map, "secretKeyRef") is { } reference ? [($"Secret {RenderedChart.Text(reference, "name")}", RenderedChart.Text(reference, "key"))] : []),
        _ => [],
    };

    private static IEnumerable<string> Find(YamlNode node) => node switch
    {
        YamlSequenceNode list => list.SelectMany(Find),
        YamlMappingNode map => map.Children.SelectMany(child => Named(child.Key.ToString(), child.Value).Concat(Find(child.Value))),
        _ => [],
    };

    private static IEnumerable<string> Named(string key, YamlNode value) => key switch
    {
        "secretKeyRef" or "secretRef" => [$"Secret {RenderedChart.Text(value, "name")}"],
        "configMapKeyRef" or "configMapRef" => [$"ConfigMap {RenderedChart.Text(value, "name")}"],
        "secretName" => [$"Secret {value}"],
        "configMap" when RenderedChart.At(value, "name") is { } name => [$"ConfigMap {name}"],
        "imagePullSecrets" or "secretTargetRef" => ((YamlSequenceNode)value).Select(each => $"Secret {RenderedChart.Text(each, "name")}"),
        _ => [],
    };
}
