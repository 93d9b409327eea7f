using Confluent.Kafka.Admin;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>The mirror between two regions: what it names is there.</summary>
public sealed class MirrorTests
{
    private static readonly YamlMappingNode Mirror = Manifest.Single("k8s/two-regions/mirror.yaml", "KafkaMirrorMaker2");
    private static readonly YamlMappingNode Source = (YamlMappingNode)RenderedChart.List(Mirror, "spec", "mirrors").Single();

    [Fact]
    public void Its_users_are_those_of_the_regions()
    {
        foreach (var (side, folder) in Sides())
        {
            var user = Manifest.Single($"{folder}/users.yaml", "KafkaUser");
            RenderedChart.Text(user, "metadata", "name").ShouldBe(RenderedChart.Text(side, "authentication", "username"));
            RenderedChart.Text(user, "spec", "authentication", "type").ShouldBe(RenderedChart.Text(side, "authentication", "type"));
            RenderedChart.List(Manifest.Single($"{folder}/kustomization.yaml", "Kustomization"), "resources").ShouldContain(new YamlScalarNode("users.yaml"));
        }

        // Strimzi names the Secret as the user. That of the other region is a copy: k8s/README.md says how it is made.
        RenderedChart.Text(Mirror, "spec", "target", "authentication", "passwordSecret", "secretName").ShouldBe(RenderedChart.Text(Mirror, "spec", "target", "authentication", "username"));
        var copies = new[] { RenderedChart.Text(Source, "source", "authentication", "passwordSecret", "secretName") }
            .Concat(RenderedChart.List(Source, "source", "tls", "trustedCertificates").Select(each => RenderedChart.Text(each, "secretName")));
        foreach (var copy in copies)
            RepositoryFolder.Read("k8s/README.md").ShouldContain(copy);
    }

    [Fact]
    public void It_only_reads_where_it_copies_from() => Manifest.Acls(Manifest.Single("k8s/two-regions/active/users.yaml", "KafkaUser"))
        .Select(acl => acl.Entry.Operation).Except([AclOperation.Read, AclOperation.Describe, AclOperation.DescribeConfigs]).ShouldBeEmpty();

    [Fact]
    public void It_comes_by_the_listener_of_the_active_region()
    {
        var address = RenderedChart.Text(Source, "source", "bootstrapServers").Split(':');
        var patch = RenderedChart.List(Manifest.Single("k8s/two-regions/active/kustomization.yaml", "Kustomization"), "patches").Single();
        var stream = new YamlStream();
        stream.Load(new StringReader(RenderedChart.Text(patch, "patch")));
        var listener = RenderedChart.At(RenderedChart.List(stream.Documents.Single().RootNode).Single(), "value")!;

        RenderedChart.Text(listener, "port").ShouldBe(address[1]);
        RenderedChart.List(listener, "configuration", "bootstrap", "alternativeNames").ShouldBe([new YamlScalarNode(address[0])]);
        RenderedChart.Text(listener, "tls").ShouldBe("true");
        RenderedChart.Text(listener, "authentication", "type").ShouldBe(RenderedChart.Text(Source, "source", "authentication", "type"));
    }

    private static IEnumerable<(YamlNode Side, string Folder)> Sides() =>
        [(RenderedChart.At(Mirror, "spec", "target")!, "k8s/two-regions"), (RenderedChart.At(Source, "source")!, "k8s/two-regions/active")];
}
