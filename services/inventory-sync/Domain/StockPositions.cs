using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>Positions of SKUs.</summary>
public static class StockPositions
{
    /// <summary>A SKU that nothing has happened to.</summary>
    public static readonly StockPosition None = new()
    {
        OnHand = 0, Reserved = 0, Owed = 0, Version = 0, AvailabilityVersion = 0, OwedFirst = 0, OwedNext = 0, UpdatedAt = DateTimeOffset.UnixEpoch, RecentCommands = [],
    };

    /// <summary>max(0, onHand - reserved - owed).</summary>
    public static long AvailableOf(StockPosition position) => Math.Max(0, position.OnHand - position.Reserved - position.Owed);

    public static StockAvailability AvailabilityOf(string platform, string sku, StockPosition position) => new()
    {
        Platform = platform, Sku = sku, OnHand = position.OnHand, Reserved = position.Reserved, Owed = position.Owed,
        Available = AvailableOf(position), Version = position.AvailabilityVersion, UpdatedAt = position.UpdatedAt,
    };
}
