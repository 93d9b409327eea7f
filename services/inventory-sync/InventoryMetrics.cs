using System.Diagnostics.Metrics;
using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync;

/// <summary>Counted where it happens: a transaction that is aborted and repeated counts twice. Labels come from code only.</summary>
internal static class InventoryMetrics
{
    public const string MeterName = "Commerce.Streaming.InventorySync";

    private static readonly Meter Meter = new(MeterName);

    public static readonly Counter<long> Moved = Meter.CreateCounter<long>("commerce.inventory.movements", "{movement}", "Stock movements, by kind.");

    public static readonly Counter<long> Decided = Meter.CreateCounter<long>("commerce.inventory.reservations.decided", "{decision}", "Reservations decided, by outcome.");

    public static readonly Counter<long> Owed = Meter.CreateCounter<long>("commerce.inventory.units.owed", "{unit}", "Units sold or written off that were not there.");

    public static readonly Histogram<double> ReservationDuration = Meter.CreateHistogram(
        "commerce.inventory.reservation.duration", "s", "From the request to the ledger's answer.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });

    public static KeyValuePair<string, object?> Kind(MovementKind kind) => new("kind", kind switch
    {
        MovementKind.RECEIPT => "receipt",
        MovementKind.ADJUSTMENT => "adjustment",
        MovementKind.SALE => "sale",
        MovementKind.RETURN => "return",
        _ => "unknown",
    });

    public static KeyValuePair<string, object?> Result(ReservationOutcome outcome) => new("outcome", outcome switch
    {
        ReservationOutcome.RESERVED => "reserved",
        ReservationOutcome.REJECTED => "rejected",
        ReservationOutcome.RELEASED => "released",
        ReservationOutcome.EXPIRED => "expired",
        ReservationOutcome.CLAIMED => "claimed",
        ReservationOutcome.MISMATCHED => "mismatched",
        _ => "unknown",
    });
}
