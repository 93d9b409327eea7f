using System.Text.RegularExpressions;
using Commerce.Streaming.Deployment.Metrics;

namespace Commerce.Streaming.Deployment.Tests;

public sealed partial class MetricTests
{
    /// <summary>Sections of the tables whose instruments are not in our sources.</summary>
    private static readonly string[] Foreign = ["http.", "dotnet.", "target.", "kubelet.", "redis_", "pg_"];

    [Theory]
    [InlineData("commerce.ingest.events", MetricKind.Counter, "{event}", "commerce_ingest_events_total")]
    [InlineData("commerce.ingest.ack.duration", MetricKind.Histogram, "s", "commerce_ingest_ack_duration_seconds")]
    [InlineData("commerce.processing.lag.seconds", MetricKind.Gauge, "s", "commerce_processing_lag_seconds")]
    [InlineData("dotnet.process.memory.working_set", MetricKind.Gauge, "By", "dotnet_process_memory_working_set_bytes")]
    [InlineData("pg_stat_database_xact_commit", MetricKind.Counter, "{transaction}", "pg_stat_database_xact_commit")]
    [InlineData("kubelet.volume.stats.available_bytes", MetricKind.Gauge, "By", "kubelet_volume_stats_available_bytes")]
    public void Names_are_those_that_the_collector_exports(string name, MetricKind kind, string unit, string expected) =>
        new Metric(name, kind, unit).PrometheusName.ShouldBe(expected);

    [Fact]
    public void The_tables_hold_every_instrument_of_the_code_and_no_other()
    {
        var inCode = Instruments().ToDictionary(metric => metric.Name);
        var inTables = RepositoryFolder.Generated.Metrics.Metrics
            .Where(metric => !Foreign.Any(prefix => metric.Name.StartsWith(prefix, StringComparison.Ordinal)))
            .ToDictionary(metric => metric.Name);

        inCode.Keys.Except(inTables.Keys).ShouldBeEmpty("instruments that the tables of docs/metrics.md lack");
        inTables.Keys.Except(inCode.Keys).ShouldBeEmpty("metrics of the tables that no code has");
        foreach (var (name, metric) in inTables)
            metric.ShouldBe(inCode[name]);
    }

    [Fact]
    public void An_unknown_metric_in_a_query_is_found()
    {
        var metrics = MetricCatalogue.Parse("| `commerce.a.b` | counter, {x} | | |\n| `commerce.a.time` | histogram, s | | |");

        metrics.Expand("rate(@commerce.a.b{x=\"1\"}[5m]) / @commerce.a.time:count").ShouldBe("rate(commerce_a_b_total{x=\"1\"}[5m]) / commerce_a_time_seconds_count");
        Should.Throw<InvalidDataException>(() => metrics.Expand("sum(@commerce.a.c)")).Message.ShouldContain("commerce.a.c");
        Should.Throw<InvalidDataException>(() => metrics.Expand("sum(@commerce.a.time)"));
    }

    private static IEnumerable<Metric> Instruments()
    {
        var sources = RepositoryFolder.Sources().ToList();
        var constants = sources.SelectMany(source => Constant().Matches(source)).ToLookup(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        foreach (Match match in sources.SelectMany(source => Instrument().Matches(source)))
        {
            var argument = match.Groups["argument"].Value;
            var name = argument.StartsWith('"') ? argument.Trim('"') : constants[argument[(argument.LastIndexOf('.') + 1)..]].First();
            var kind = match.Groups["kind"].Value switch { "Counter" => MetricKind.Counter, "Histogram" => MetricKind.Histogram, _ => MetricKind.Gauge };
            yield return new Metric(name, kind, match.Groups["unit"].Value);
        }
    }

    // The unit is the next literal in which nothing but a unit can stand: an observable gauge has its callback in between.
    [GeneratedRegex("""\.Create(?<kind>Counter|Histogram|ObservableGauge|Gauge)(<\w+>)?\(\s*(?<argument>"[^"]+"|[\w.]+),(?:.(?!\.Create))*?"(?<unit>s|By|\{\w+\})"(?=[,\s)])""", RegexOptions.Singleline)]
    private static partial Regex Instrument();

    [GeneratedRegex("""const string (?<name>\w+) = "(?<value>(commerce|messaging)\.[^"]+)";""")]
    private static partial Regex Constant();
}
