using Commerce.Orders;

namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>The rows of one batch, each key once: of several statements about a key the one that holds.</summary>
internal sealed class BatchRows
{
    public Dictionary<(string OrderKey, string Source, string MessageId), OrderStatement> Staged { get; } = [];
    public Dictionary<string, OrderStatement> Orders { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, RefundStatement> Refunds { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, CreditStatement> Credits { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, MergeStatement> Merges { get; } = new(StringComparer.Ordinal);
    public Dictionary<(string ProductKey, long Version), MovementStatement> Movements { get; } = [];
    public Dictionary<string, LevelStatement> Levels { get; } = new(StringComparer.Ordinal);
    public Dictionary<(string Source, string MessageId), QuarantineStatement> Quarantined { get; } = [];
    public Dictionary<(string Platform, string Sku), ProductRow> Products { get; } = [];

    /// <summary>User ids of profiles, with the time at which each was seen first; an empty one for an identification without.</summary>
    public Dictionary<(string ProfileId, string Platform, string UserId), DateTimeOffset> Identities { get; } = [];

    /// <summary>Profiles whose customer row may change.</summary>
    public HashSet<string> Customers { get; } = new(StringComparer.Ordinal);

    public void Touch(string profileId, string platform, string? userId, DateTimeOffset seenAt)
    {
        Customers.Add(profileId);
        if (userId is not null)
            Identify(profileId, platform, userId, seenAt);
    }

    public void Identify(string profileId, string platform, string userId, DateTimeOffset seenAt)
    {
        var key = (profileId, platform, userId);
        if (!Identities.TryGetValue(key, out var known) || seenAt < known)
            Identities[key] = seenAt;
    }

    public void Observe(string platform, OrderLine line, string currency, DateTimeOffset at)
    {
        if (!Products.TryGetValue((platform, line.Sku), out var product))
            Products[(platform, line.Sku)] = product = new ProductRow(NaturalKeys.Product(platform, line.Sku), platform, line, currency);
        product.See(line, currency, at);
    }
}

internal static class Greatest
{
    /// <summary>Keeps the row with the greater order; the first one of equals.</summary>
    public static void KeepGreatest<TKey, TRow, TOrder>(this Dictionary<TKey, TRow> rows, TKey key, TRow row, Func<TRow, TOrder> order)
        where TKey : notnull
        where TOrder : IComparable<TOrder>
    {
        if (!rows.TryGetValue(key, out var known) || order(row).CompareTo(order(known)) > 0)
            rows[key] = row;
    }

    /// <summary>The same, but the last one of equals: a writer that went back to an earlier state uses its numbers again.</summary>
    public static void KeepLatest<TKey, TRow>(this Dictionary<TKey, TRow> rows, TKey key, TRow row, Func<TRow, long> version)
        where TKey : notnull
    {
        if (!rows.TryGetValue(key, out var known) || version(row) >= version(known))
            rows[key] = row;
    }
}
