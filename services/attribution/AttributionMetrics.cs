using System.Diagnostics.Metrics;

namespace Commerce.Streaming.Attribution;

/// <summary>Counted where it happens: a transaction that is aborted and repeated counts twice.</summary>
public static class AttributionMetrics
{
    public const string MeterName = "Commerce.Streaming.Attribution";

    private static readonly Meter Meter = new(MeterName);

    public static readonly Counter<long> Stated = Meter.CreateCounter<long>("commerce.attribution.credits.stated", "{order}", "Statements of an order's credits, by cause.");

    public static readonly Counter<long> HandedOver = Meter.CreateCounter<long>("commerce.attribution.handovers.sent", "{message}", "Messages that carry state between merged profiles.");

    public static readonly Counter<long> TouchesForgotten =
        Meter.CreateCounter<long>("commerce.attribution.touches.forgotten", "{touch}", "Touches of profiles that have too many.");

    public static KeyValuePair<string, object?> Cause(string cause) => new("commerce.cause", cause);
}
