namespace Commerce.Streaming.Deployment.Metrics;

public enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>A metric as docs/metrics.md describes it.</summary>
/// <param name="Name">OpenTelemetry's name, such as <c>commerce.ingest.events</c>, or, without a dot, that of an exporter in Prometheus.</param>
/// <param name="Unit">UCUM unit: <c>s</c>, <c>By</c>, <c>{event}</c>.</param>
public sealed record Metric(string Name, MetricKind Kind, string Unit)
{
    /// <summary>
    /// The name in Prometheus, as the collector's exporter makes it: dots to underscores, the unit appended unless it is an annotation or
    /// part of the name already, <c>_total</c> for counters. Histograms take <c>_bucket</c>, <c>_sum</c> or <c>_count</c> after it.
    /// </summary>
    public string PrometheusName
    {
        get
        {
            if (!Name.Contains('.', StringComparison.Ordinal))
                return Name;
            var name = Name.Replace('.', '_');
            var unit = Unit switch { "s" => "seconds", "By" => "bytes", "1" when Kind == MetricKind.Gauge => "ratio", _ => "" };
            if (unit.Length > 0 && !name.Split('_').Contains(unit, StringComparer.Ordinal))
                name += "_" + unit;
            return Kind == MetricKind.Counter ? name + "_total" : name;
        }
    }

    /// <summary>Every series name that a query may use.</summary>
    public IEnumerable<string> SeriesNames => Kind == MetricKind.Histogram
        ? [PrometheusName + "_bucket", PrometheusName + "_sum", PrometheusName + "_count"]
        : [PrometheusName];
}
