using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Commerce.Streaming.Warehouse.Audit;

/// <summary>What an audit found, sent to the collector before the process ends.</summary>
internal static class AuditMetrics
{
    private const string MeterName = "Commerce.Streaming.Warehouse.Audit";
    private const int FlushTimeoutMs = 10_000;

    /// <summary>Nothing without a collector; one that does not answer does not change the verdict.</summary>
    public static void Export(IConfiguration configuration, IReadOnlyDictionary<string, long> wrong)
    {
        if (string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        using var meter = new Meter(MeterName);
        meter.CreateObservableGauge(
            "commerce.warehouse.audit.violations",
            () => wrong.Select(check => new Measurement<long>(check.Value, new KeyValuePair<string, object?>("check", check.Key))),
            "{case}", "Cases in which tables do not agree with each other, as the last audit found, by check.");
        using var provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("warehouse-audit", "commerce"))
            .AddMeter(MeterName)
            .AddOtlpExporter()
            .Build();
        provider.ForceFlush(FlushTimeoutMs);
    }
}
