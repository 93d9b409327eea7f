using Confluent.Kafka.Admin;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>Files of Kubernetes resources, as they are in the repository.</summary>
internal static class Manifest
{
    public static IReadOnlyList<YamlMappingNode> Load(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(RepositoryFolder.Read(path)));
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    public static YamlMappingNode Single(string path, string kind) => Load(path).Single(each => RenderedChart.Text(each, "kind") == kind);

    /// <summary>The entries of a mapping of scalars; none where there is no such mapping.</summary>
    public static Dictionary<string, string> Settings(YamlNode node, params string[] path) =>
        RenderedChart.At(node, path) is YamlMappingNode map ? map.ToDictionary(each => each.Key.ToString(), each => each.Value.ToString(), StringComparer.Ordinal) : [];

    /// <summary>What a KafkaUser may do.</summary>
    public static IEnumerable<AclBinding> Acls(YamlNode user) =>
        from acl in RenderedChart.List(user, "spec", "authorization", "acls")
        from operation in RenderedChart.List(acl, "operations")
        select new AclBinding
        {
            Pattern = new ResourcePattern
            {
                Type = Enum.Parse<ResourceType>(RenderedChart.Text(acl, "resource", "type"), ignoreCase: true),
                Name = RenderedChart.Text(acl, "resource", "name"),
                ResourcePatternType = RenderedChart.Text(acl, "resource", "patternType") == "prefix" ? ResourcePatternType.Prefixed : ResourcePatternType.Literal,
            },
            Entry = new AccessControlEntry
            {
                Principal = "User:" + RenderedChart.Text(user, "metadata", "name"), Host = "*",
                Operation = Enum.Parse<AclOperation>(operation.ToString()), PermissionType = AclPermissionType.Allow,
            },
        };
}
