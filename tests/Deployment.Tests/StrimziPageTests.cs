using System.Text.RegularExpressions;
using Commerce.Streaming.LocalProcess;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>How the chart gets at the Kafka of k8s/: users and Secrets as k8s/README.md hands them over, and what the overlays say of themselves.</summary>
public sealed partial class StrimziPageTests
{
    private static string Page { get; } = RepositoryFolder.Read("k8s/README.md");

    /// <summary>Secrets that Strimzi makes: one for each user, and the authority's.</summary>
    private static HashSet<string> Made { get; } =
        [.. Documents(RepositoryFolder.Read("k8s/base/users.yaml")).Select(user => RenderedChart.Text(user, "metadata", "name")), "kafka-cluster-ca-cert"];

    private static Dictionary<string, string> Copied { get; } = Copy().Matches(Page).ToDictionary(match => $"Secret {match.Groups["name"].Value}", match => match.Groups["key"].Value);

    [Fact]
    public async Task What_the_pages_values_ask_for_is_copied_by_its_commands_under_the_key_that_is_read()
    {
        var values = Values().Match(Page).Groups["yaml"].Value;
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, values + "schemaRegistry: { url: http://registry }\nredis: { existingSecret: own }\npostgres: { existingSecret: own }\nprivacy: { existingSecret: own }\n", TestContext.Current.CancellationToken);
        var chart = await RenderedChart.OfAsync("--values", file);
        File.Delete(file);

        var asked = chart.Objects.SelectMany(SecretReferences.Of).Distinct().Where(name => name != "Secret own").ToList();
        asked.ShouldContain("Secret commerce-provision");
        asked.ShouldAllBe(name => Copied.ContainsKey(name));
        foreach (var (secret, key) in chart.Objects.SelectMany(SecretReferences.KeysOf).Where(each => each.Object != "Secret own"))
            Copied[secret].ShouldBe(key);
        Copied.Keys.Except(Made.Select(name => "Secret " + name)).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_job_that_raises_partitions_mounts_is_copied_or_of_the_release()
    {
        var job = Documents(RepositoryFolder.Read("k8s/repartition/job.yaml")).Single();

        SecretReferences.Of(job).Except(Copied.Keys).ShouldBe(["Secret commerce-postgres"]);
        Copied["Secret commerce-repartition"].ShouldBe("password");
    }

    [Fact]
    public void What_the_job_that_rewinds_mounts_is_copied() =>
        SecretReferences.Of(Documents(RepositoryFolder.Read("k8s/rewind/job.yaml")).Single()).Except(Copied.Keys).ShouldBeEmpty();

    [Fact]
    public async Task In_production_no_two_brokers_share_a_node()
    {
        Assert.SkipWhen(Executables.Find("kubectl") is null, "kubectl is not on the path");
        var log = Path.GetTempFileName();
        var code = await ChildProcesses.RunAsync(
            new ChildCommand("kubectl", ["kustomize", Path.Combine(RepositoryFolder.Root, "k8s/overlays/production")]) { LogFile = log }, TestContext.Current.CancellationToken);
        var text = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
        File.Delete(log);
        code.ShouldBe(0, text);

        var kafka = Documents(text).Single(each => RenderedChart.Text(each, "kind") == "Kafka");
        var rule = RenderedChart.List(kafka, "spec", "kafka", "template", "pod", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution").Single();
        RenderedChart.Text(rule, "topologyKey").ShouldBe("kubernetes.io/hostname");
        RenderedChart.Text(rule, "labelSelector", "matchLabels", "strimzi.io/name").ShouldBe(RenderedChart.Text(kafka, "metadata", "name") + "-kafka");
    }

    private static List<YamlMappingNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>()];
    }

    [GeneratedRegex(@"^copy (?<name>[\w-]+) (?<key>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex("```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Values();
}
