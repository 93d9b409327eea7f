using System.Text.Json;
using System.Text.RegularExpressions;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>What helm, k8s and compose name exists in the code.</summary>
public sealed partial class ChartTests
{
    private const string Values = "helm/commerce-streaming/values.yaml";

    /// <summary>Of the images that are not ours, of .NET, and of Kubernetes' own substitution.</summary>
    private static readonly string[] ForeignVariables = ["POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD", "PGDATA", "POD_NAME", "SSL_CERT_DIR", "DATA_SOURCE_NAME", "COMMERCE_API_KEY", "WAREHOUSE_PASSWORD", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    private static IEnumerable<string> DeployedFiles => Directory
        .EnumerateFiles(Path.Combine(RepositoryFolder.Root, "helm"), "*.*", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Root, "k8s"), "*.yaml", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Root, "observability"), "*.*", SearchOption.AllDirectories))
        .Append(Path.Combine(RepositoryFolder.Root, "docker-compose.yml"));

    [Fact]
    public void Topics_named_exist()
    {
        var known = RepositoryFolder.Topics();
        foreach (var file in DeployedFiles)
            Topic().Matches(File.ReadAllText(file)).Select(match => match.Value).Where(topic => !known.ContainsKey(topic)).ShouldBeEmpty(file);
    }

    [Fact]
    public void Services_of_the_chart_are_those_of_the_catalogue()
    {
        var inValues = Service().Matches(RepositoryFolder.Read(Values).Split("\nservices:\n")[1]).Select(match => match.Groups["name"].Value);

        inValues.Order().ShouldBe(RepositoryFolder.Services().Order());
    }

    [Fact]
    public void Services_of_the_compose_file_are_those_of_the_catalogue()
    {
        var compose = RepositoryFolder.Read("docker-compose.yml");
        foreach (var service in RepositoryFolder.Services())
            compose.ShouldContain($"\n  {service}:\n");
    }

    [Fact]
    public void No_service_scales_beyond_the_partitions_of_what_it_consumes()
    {
        var topics = RepositoryFolder.Topics();
        foreach (var service in RepositoryFolder.Read(Values).Split("\nservices:\n")[1].Split("\n  ingest:")[^1].Split("\n    kind: "))
        {
            var consumed = Topic().Matches(service).Select(match => topics[match.Value]).ToList();
            if (consumed.Count > 0)
                Number(MaxReplicas().Match(service).Groups["count"]).ShouldBeLessThanOrEqualTo(consumed.Max(), service);
        }
    }

    [Fact]
    public void Consumer_groups_named_are_those_of_the_code()
    {
        var sources = string.Join('\n', RepositoryFolder.Sources());
        foreach (Match group in ConsumerGroup().Matches(RepositoryFolder.Read(Values)))
        {
            // A pipeline's group is commerce. + its name; the sink states its own.
            var name = group.Groups["name"].Value;
            (sources.Contains($"\"{name}\"", StringComparison.Ordinal) || sources.Contains($"\"{name["commerce.".Length..]}\"", StringComparison.Ordinal)).ShouldBeTrue(name);
        }
    }

    [Fact]
    public void Environment_variables_set_are_read()
    {
        var sources = string.Join('\n', RepositoryFolder.Sources());
        foreach (var file in DeployedFiles.Where(file => file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".tpl", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal)))
        {
            foreach (var parts in Setting().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value.Split("__")))
            {
                sources.ShouldContain($"Section = \"{parts[0]}\"", customMessage: $"{file}: {string.Join("__", parts)}");
                Regex.IsMatch(sources, $@"\b{parts[1]}\b").ShouldBeTrue($"{file}: {string.Join("__", parts)}");
            }
        }
    }

    [Fact]
    public void Ports_of_the_compose_file_are_those_of_a_local_run()
    {
        const int Base = 17000;
        var known = RepositoryFolder.Catalogue().Where(entry => entry.TryGetProperty("ports", out _))
            .SelectMany(entry => entry.GetProperty("ports").EnumerateObject()).Select(port => Base + port.Value.GetInt32()).ToHashSet();
        foreach (Match port in HostPort().Matches(RepositoryFolder.Read("docker-compose.yml")).Where(port => Number(port.Groups["port"]) < Base + 20))
            known.ShouldContain(Number(port.Groups["port"]));
    }

    [Fact]
    public void Values_named_by_templates_and_pages_exist()
    {
        using var schema = JsonDocument.Parse(RepositoryFolder.Read("helm/commerce-streaming/values.schema.json"));
        var top = schema.RootElement.GetProperty("properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
        var templates = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Root, "helm/commerce-streaming/templates"), "*.*", SearchOption.AllDirectories);
        foreach (var file in templates)
        {
            foreach (Match value in Value().Matches(File.ReadAllText(file)))
            {
                top.ShouldContainKey(value.Groups["section"].Value, file);
                if (value.Groups["name"].Value is { Length: > 0 } name && top[value.Groups["section"].Value].TryGetProperty("properties", out var inner))
                    inner.TryGetProperty(name, out _).ShouldBeTrue($"{file}: {value.Value}");
            }
        }
    }

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("helm/commerce-streaming/templates/_environment.tpl")]
    public void Foreign_variables_are_few(string file) => Variable().Matches(RepositoryFolder.Read(file)).Select(match => match.Groups["name"].Value)
        .Where(name => !name.StartsWith("KAFKA_", StringComparison.Ordinal) && !name.StartsWith("GF_", StringComparison.Ordinal) && !name.EndsWith("_URL", StringComparison.Ordinal))
        .Except(ForeignVariables).ShouldBeEmpty();

    private static int Number(Group group) => int.Parse(group.Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bcommerce(\.[a-z0-9-]+)+\.v\d+\b")]
    private static partial Regex Topic();

    [GeneratedRegex(@"^  (?<name>[a-z-]+):$", RegexOptions.Multiline)]
    private static partial Regex Service();

    [GeneratedRegex(@"maxReplicas: (?<count>\d+)")]
    private static partial Regex MaxReplicas();

    [GeneratedRegex(@"group: (?<name>commerce\.\S+)")]
    private static partial Regex ConsumerGroup();

    [GeneratedRegex(@"(?<=^|[\s""({])(?<name>(Kafka|SchemaRegistry|Redis|Postgres|Privacy|Drain|Telemetry|Processing|Provision|Repartition|Rewind|ApiAccess|Ingest|Audit)__[A-Za-z]+)", RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex(@"127\.0\.0\.1:(\$\{\w+:-)?(?<port>\d+)")]
    private static partial Regex HostPort();

    [GeneratedRegex(@"\.Values\.(?<section>[a-zA-Z]+)(\.(?<name>[a-zA-Z]+))?")]
    private static partial Regex Value();

    [GeneratedRegex(@"^\s+(- name: )?(?<name>[A-Z][A-Z_]{3,})(:|$)", RegexOptions.Multiline)]
    private static partial Regex Variable();
}
