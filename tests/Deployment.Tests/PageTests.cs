using System.Text.Json;
using System.Text.RegularExpressions;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>What pages name exists: settings, metrics, values of the chart, ports, panels.</summary>
public sealed partial class PageTests
{
    private const int LocalPorts = 17000;

    /// <summary>Pages that say what holds now. The changelog and measurements speak of their day.</summary>
    private static IReadOnlyList<string> Pages { get; } = [.. Directory.EnumerateFiles(RepositoryFolder.Root, "*.md", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(RepositoryFolder.Root, path))
        .Where(path => !path.StartsWith("artifacts/", StringComparison.Ordinal) && !path.StartsWith("docs/benchmarks/", StringComparison.Ordinal) && path != "CHANGELOG.md")
        .Order(StringComparer.Ordinal)];

    private static readonly string Code = string.Join('\n', RepositoryFolder.Sources());

    [Fact]
    public void Settings_exist() => Unknown(Pages, Setting(), IsSetting).ShouldBeEmpty();

    [Theory]
    [InlineData("`Kafka__BootstrapServers`", true)]
    [InlineData("`Kafka__NoSuchThing`", false)]
    [InlineData("`Kafka__WaitSeconds`", false)]
    [InlineData("`Nothing__Url`", false)]
    public void A_setting_that_no_code_reads_is_found(string text, bool exists) => IsSetting(Setting().Match(text)).ShouldBe(exists);

    [Fact]
    public void Metrics_topics_and_groups_exist()
    {
        var known = RepositoryFolder.Generated.Metrics.Metrics.Select(metric => metric.Name).Concat(RepositoryFolder.Topics().Keys).ToHashSet(StringComparer.Ordinal);
        var series = RepositoryFolder.Generated.Metrics.Metrics.SelectMany(metric => metric.SeriesNames).ToHashSet(StringComparer.Ordinal);
        var rules = RepositoryFolder.Read("observability/prometheus/rules.yml");

        // A pipeline's group is commerce. + its name; the sink's, the operator's, attributes and keys in Redis are literals.
        Unknown(Pages, Dotted(), name => known.Contains(name.Groups["name"].Value) || Code.Contains($"\"{name.Groups["name"].Value}\"", StringComparison.Ordinal)
            || Code.Contains($"\"{name.Groups["name"].Value["commerce.".Length..]}\"", StringComparison.Ordinal)).ShouldBeEmpty();
        Unknown(Pages, Series(), name => series.Contains(name.Value) || rules.Contains(name.Value, StringComparison.Ordinal) || Code.Contains(name.Value, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Values_of_the_chart_exist()
    {
        using var schema = JsonDocument.Parse(RepositoryFolder.Read("helm/commerce-streaming/values.schema.json"));
        Unknown(Pages, Value(), value => !Property(schema.RootElement, schema.RootElement, value.Groups["path"].Value.Split('.')[0]).HasValue
            || Leads(schema.RootElement, value.Groups["path"].Value.TrimEnd('.'))).ShouldBeEmpty();
    }

    [Fact]
    public void Ports_of_a_local_run_exist()
    {
        var known = RepositoryFolder.Catalogue().Where(entry => entry.TryGetProperty("ports", out _))
            .SelectMany(entry => entry.GetProperty("ports").EnumerateObject()).Select(port => $"{LocalPorts + port.Value.GetInt32()}").ToHashSet();
        var compose = RepositoryFolder.Read("docker-compose.yml");
        Unknown(Pages, LocalPort(), port => known.Contains(port.Value) || compose.Contains(port.Value, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>A runbook writes dashboards, rows and panels in italics, with a capital.</summary>
    [Fact]
    public void Panels_that_runbooks_name_exist()
    {
        var titles = DashboardTests.Files.SelectMany(file =>
        {
            using var json = JsonDocument.Parse(RepositoryFolder.Read(file.Data));
            return json.RootElement.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("title").GetString()!).Append(json.RootElement.GetProperty("title").GetString()!).ToList();
        }).ToHashSet(StringComparer.Ordinal);
        Unknown(Pages.Where(page => page.StartsWith("docs/runbooks/", StringComparison.Ordinal)), Italic(), title => titles.Contains(title.Groups["title"].Value)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("kafka.bootstrapServers", true)]
    [InlineData("services.ingest.replicas", true)]
    [InlineData("services.*.replicas", true)]
    [InlineData("kafka.bootstrap", false)]
    [InlineData("services.ingest.replica", false)]
    public void A_value_leads_somewhere_or_not(string path, bool leads)
    {
        using var schema = JsonDocument.Parse(RepositoryFolder.Read("helm/commerce-streaming/values.schema.json"));
        Leads(schema.RootElement, path).ShouldBe(leads);
    }

    /// <summary>Whether the file of the section's options, or of those that derive from them, has that name.</summary>
    private static bool IsSetting(Match setting)
    {
        var owners = RepositoryFolder.Sources().Where(source => source.Contains($"Section = \"{setting.Groups["section"].Value}\"", StringComparison.Ordinal)).ToList();
        var derived = owners.SelectMany(owner => Class().Matches(owner)).Select(each => each.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        return owners.Concat(RepositoryFolder.Sources().Where(source => Class().Matches(source).Any(each => derived.Contains(each.Groups["base"].Value))))
            .Any(source => Regex.IsMatch(source, $@"\b{setting.Groups["name"].Value}{(setting.Groups["any"].Success ? "" : @"\b")}"));
    }

    private static IEnumerable<string> Unknown(IEnumerable<string> pages, Regex names, Func<Match, bool> isKnown) =>
        from page in pages
        from line in RepositoryFolder.Read(page).Split('\n').Index()
        from Match name in names.Matches(line.Item)
        where !isKnown(name)
        select $"{page}:{line.Index + 1}: {name.Value}";

    private static bool Leads(JsonElement schema, string path)
    {
        JsonElement? at = schema;
        foreach (var part in path.Split('.'))
        {
            if (at is not { } here || !(part == "*" ? AnyProperty(schema, here) : Property(schema, here, part)).HasValue)
                return false;
            at = part == "*" ? AnyProperty(schema, here) : Property(schema, here, part);
        }
        return true;
    }

    private static JsonElement? AnyProperty(JsonElement schema, JsonElement at)
    {
        var here = Resolved(schema, at);
        return here.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(property => property.Value).LastOrDefault() : null;
    }

    private static JsonElement? Property(JsonElement schema, JsonElement at, string name)
    {
        var here = Resolved(schema, at);
        if (here.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var found))
            return found;
        return here.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.Object ? others : null;
    }

    private static JsonElement Resolved(JsonElement schema, JsonElement at)
    {
        while (at.TryGetProperty("$ref", out var reference))
            at = reference.GetString()!["#/".Length..].Split('/').Aggregate(schema, (inner, part) => inner.GetProperty(part));
        return at;
    }

    [GeneratedRegex(@"`(?<section>[A-Z][A-Za-z]+)(__|:)(?<name>[A-Z][A-Za-z]+)(?<any>…)?")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\bclass (?<name>\w+)( : (?<base>\w+))?")]
    private static partial Regex Class();

    [GeneratedRegex(@"`(?<name>commerce(\.[a-z][a-z_-]*)+)`")]
    private static partial Regex Dotted();

    [GeneratedRegex(@"\bcommerce(_[a-z]+)+_(total|seconds|bytes|bucket|count|sum)\b|\bcommerce:[a-z_]+:[a-z0-9_]+")]
    private static partial Regex Series();

    [GeneratedRegex(@"(`|--set )(?<path>[a-z][A-Za-z]+(\.[A-Za-z*-]+)+)(?=[`=:\s])(?!\.\w)")]
    private static partial Regex Value();

    [GeneratedRegex(@"(?<=(localhost|127\.0\.0\.1):)170\d\d\b")]
    private static partial Regex LocalPort();

    [GeneratedRegex(@"(?<!\*)\*(?<title>[A-Z][^*]+)\*(?!\*)")]
    private static partial Regex Italic();
}
