using System.Globalization;
using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync.Adapters;

/// <summary>What can be sold, as channels read it in Redis: the hash <c>commerce:inventory:availability:platform/sku</c>.</summary>
public static class AvailabilityView
{
    public const string KeyPrefix = "commerce:inventory:availability:";
    public const string OnHand = "on_hand";
    public const string Reserved = "reserved";
    public const string Owed = "owed";
    public const string Available = "available";
    public const string Version = "version";
    public const string UpdatedAt = "updated_at";

    public static readonly RedisView View = RedisView.AsHash(Stores.Positions, KeyPrefix, (_, position) => Fields(position));

    private static KeyValuePair<string, string>[] Fields(StockPosition position) =>
    [
        new(OnHand, Text(position.OnHand)),
        new(Reserved, Text(position.Reserved)),
        new(Owed, Text(position.Owed)),
        new(Available, Text(StockPositions.AvailableOf(position))),
        new(Version, Text(position.AvailabilityVersion)),
        new(UpdatedAt, Text(position.UpdatedAt.ToUnixTimeMilliseconds())),
    ];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
