using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>How much telemetry a service produces.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>Share of traces that are kept, 0 to 1. The default of 1 % keeps tracing far below 5 % of the CPU.</summary>
    [Range(0, 1)]
    public double TraceSampleRatio { get; init; } = 0.01;

    /// <summary>
    /// Seconds in which at least one trace is kept, whatever the share says: a first order can be followed, and a quiet service is
    /// seen. 0 leaves the share alone.
    /// </summary>
    [Range(0, 3600)]
    public int TraceFloorSeconds { get; init; } = 1;

    /// <summary>
    /// Whether a caller's sampling decision is followed. A service that the public can reach turns it off: otherwise any
    /// browser decides how much we trace.
    /// </summary>
    public bool FollowCallersSampling { get; init; } = true;

    /// <summary>Seconds between two exports of metrics.</summary>
    [Range(1, 3600)]
    public int MetricIntervalSeconds { get; init; } = 10;
}

internal static class Telemetry
{
    /// <summary>The name pattern of our own meters and activity sources.</summary>
    private const string OwnInstruments = "Commerce.Streaming.*";

    public static void AddTelemetry<TBuilder>(this TBuilder builder, string serviceName) where TBuilder : IHostApplicationBuilder
    {
        builder.AddValidatedOptions<TelemetryOptions>(TelemetryOptions.Section);
        // Without a collector nothing is recorded at all: instruments without listeners cost nanoseconds.
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        var options = builder.Configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        var version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName, "commerce", version))
            .WithTracing(tracing => tracing
                .SetSampler(SamplerOf(options))
                .AddSource(OwnInstruments)
                .AddAspNetCoreInstrumentation(http => http.Filter = IsNotHealthProbe)
                .AddHttpClientInstrumentation()
                .AddOtlpExporter())
            .WithMetrics(metrics => metrics
                .AddMeter(OwnInstruments)
                .AddRuntimeInstrumentation()
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddOtlpExporter((_, reader) =>
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.MetricIntervalSeconds * 1000));
        builder.Logging.AddOpenTelemetry(logging =>
        {
            // Sentences for people; the template and its values go along as attributes.
            logging.IncludeFormattedMessage = true;
            logging.AddOtlpExporter((_, processor) => processor.ExportProcessorType = ExportProcessorType.Batch);
        });
    }

    private static ParentBasedSampler SamplerOf(TelemetryOptions options)
    {
        var root = new FloorSampler(
            new TraceIdRatioBasedSampler(options.TraceSampleRatio), TimeSpan.FromSeconds(options.TraceFloorSeconds), TimeProvider.System);
        return options.FollowCallersSampling
            ? new ParentBasedSampler(root)
            : new ParentBasedSampler(root, remoteParentSampled: root, remoteParentNotSampled: root);
    }

    private static bool IsNotHealthProbe(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(HealthEndpoints.Prefix, StringComparison.Ordinal);
}
