using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>What a command, or the lapse of a reservation, led to, in this order.</summary>
public sealed record Outcome(IReadOnlyList<StockMoved> Movements, ReservationDecided? Decision, StockAvailability? Availability)
{
    public static readonly Outcome Nothing = new([], null, null);

    /// <summary>Units that were sold or written off and are not there: owed from now on, until something comes in.</summary>
    public int UnitsOwed { get; init; }
}
