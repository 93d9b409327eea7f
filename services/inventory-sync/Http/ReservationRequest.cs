namespace Commerce.Streaming.InventorySync.Http;

/// <summary>Body of POST /v1/reservations.</summary>
/// <param name="Lines">All are reserved, or none. Lines with the same SKU are added up.</param>
/// <param name="TtlSeconds">Lifetime; the service's default when absent.</param>
/// <param name="IdempotencyKey">Asked again with the same key it is the same reservation; with the order's id, the order's sale uses it.</param>
public sealed record ReservationRequest(string? Platform, IReadOnlyList<ReservationLineRequest>? Lines, int? TtlSeconds, string? IdempotencyKey)
{
    private const int TextLengthMax = 256;

    /// <summary>The request's faults, all of them, in words; empty when it is well-formed.</summary>
    public IReadOnlyList<string> Faults(InventoryOptions options)
    {
        var faults = new List<string>();
        if (!IsName(Platform) || Platform!.Contains('/', StringComparison.Ordinal))
            faults.Add("platform is missing or malformed");
        if (Lines is not { Count: > 0 })
            faults.Add("lines is empty");
        else if (Lines.Count > options.ReservationLinesMax)
            faults.Add($"lines has more than {options.ReservationLinesMax} entries");
        foreach (var line in Lines ?? [])
        {
            if (line is null || !IsName(line.Sku))
                faults.Add("a line's sku is missing or malformed");
            else if (line.Quantity <= 0)
                faults.Add("a line's quantity is not above zero");
        }

        if (Lines is not null && QuantitiesOverflow())
            faults.Add("a sku's quantity is too large");
        if (TtlSeconds is { } seconds && (seconds <= 0 || TimeSpan.FromSeconds(seconds) > Domain.CommandRules.LifetimeMax))
            faults.Add($"ttlSeconds is not between 1 and {Domain.CommandRules.LifetimeMax.TotalSeconds}");
        if (IdempotencyKey is not null && !IsName(IdempotencyKey))
            faults.Add("idempotencyKey is malformed");
        return faults;
    }

    /// <summary>Quantity by SKU.</summary>
    public Dictionary<string, int> QuantityBySku() =>
        Lines!.GroupBy(line => line.Sku!, StringComparer.Ordinal).ToDictionary(sku => sku.Key, sku => sku.Sum(line => line.Quantity), StringComparer.Ordinal);

    private bool QuantitiesOverflow() =>
        Lines!.Where(line => line?.Sku is not null).GroupBy(line => line.Sku).Any(sku => sku.Sum(line => (long)line.Quantity) > int.MaxValue);

    private static bool IsName(string? text) => text is { Length: > 0 and <= TextLengthMax } && !text.Any(char.IsControl);
}

/// <summary>One line of a reservation.</summary>
public sealed record ReservationLineRequest(string? Sku, int Quantity);
