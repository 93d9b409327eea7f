using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Commerce.Streaming.Warehouse.Audit;

/// <summary>What an audit found and when it ended, sent to the collector before the process ends.</summary>
internal static class AuditMetrics
{
    private const string MeterName = "Commerce.Streaming.Warehouse.Audit";
    private const int FlushTimeoutMs = 10_000;
    private const int AttemptsMax = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Nothing without a collector; one that does not answer does not change the verdict.</summary>
    /// <param name="instance">Stands where a process has its own id: see <see cref="AuditOptions.Instance"/>.</param>
    /// <returns>False when the collector did not take it.</returns>
    public static async Task<bool> ExportAsync(
        IConfiguration configuration, string instance, IReadOnlyDictionary<string, long> wrong, TimeProvider time, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return true;
        var finished = time.GetUtcNow().ToUnixTimeSeconds();
        using var meter = new Meter(MeterName);
        meter.CreateObservableGauge(
            "commerce.warehouse.audit.violations",
            () => wrong.Select(check => new Measurement<long>(check.Value, new KeyValuePair<string, object?>("check", check.Key))),
            "{case}", "Cases in which tables do not agree with each other, as the last audit found, by check.");
        meter.CreateObservableGauge(
            "commerce.warehouse.audit.finished", () => finished, "s", "When the last audit ended that looked at everything, in seconds since 1970.");
        using var provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("warehouse-audit", "commerce", serviceInstanceId: instance))
            .AddMeter(MeterName)
            .AddOtlpExporter()
            .Build();
        for (var attempt = 1; ; attempt++)
        {
            if (provider.ForceFlush(FlushTimeoutMs))
                return true;
            if (attempt == AttemptsMax)
                return false;
            await Task.Delay(Pause, time, cancellation);
        }
    }
}
