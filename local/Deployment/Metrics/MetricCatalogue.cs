using System.Text.RegularExpressions;

namespace Commerce.Streaming.Deployment.Metrics;

/// <summary>All metrics of the platform: the rows of the tables in docs/metrics.md.</summary>
public sealed partial class MetricCatalogue
{
    private readonly Dictionary<string, Metric> _byName;

    private MetricCatalogue(IEnumerable<Metric> metrics) => _byName = metrics.ToDictionary(metric => metric.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<Metric> Metrics => _byName.Values;

    /// <summary>Reads rows such as <c>| `commerce.ingest.events` | counter, {event} | …</c>.</summary>
    public static MetricCatalogue Parse(string markdown) => new(Row().Matches(markdown).Select(row => new Metric(
        row.Groups["name"].Value,
        Enum.Parse<MetricKind>(row.Groups["kind"].Value, ignoreCase: true),
        row.Groups["unit"].Value)).DistinctBy(metric => metric.Name));

    /// <summary>
    /// Replaces <c>@name</c> by the name in Prometheus; a histogram is <c>@name:bucket</c>, <c>@name:sum</c> or <c>@name:count</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">docs/metrics.md has no such metric, or it is not of that kind.</exception>
    public string Expand(string query) => Reference().Replace(query, reference =>
    {
        var name = reference.Groups["name"].Value;
        var metric = _byName.GetValueOrDefault(name) ?? throw new InvalidDataException($"docs/metrics.md has no metric '{name}', which a query uses: {query}");
        var part = reference.Groups["part"].Value;
        return (metric.Kind == MetricKind.Histogram) == (part.Length > 0)
            ? metric.PrometheusName + (part.Length > 0 ? "_" + part : "")
            : throw new InvalidDataException($"'{name}' is a {metric.Kind}, which is not how a query uses it: {query}");
    });

    [GeneratedRegex(@"^\| `(?<name>[a-z][a-z0-9_.]+)` \| (?<kind>counter|gauge|histogram), (?<unit>\S+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"@(?<name>[a-z][a-z0-9_]*(\.[a-z0-9_]+)*)(:(?<part>bucket|sum|count))?")]
    private static partial Regex Reference();
}
