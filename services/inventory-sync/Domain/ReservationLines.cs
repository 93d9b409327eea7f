using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>
/// The lines of a reservation, one for each SKU; one that was made under an idempotency key has a line for the key too, which holds no
/// stock and is the one place that says to which lines the key is bound.
/// </summary>
public static class ReservationLines
{
    private const int HashBytes = 16;

    /// <summary>How much longer than its lines a key stays bound, so that lines lapse under their key.</summary>
    public static readonly TimeSpan KeyOutlives = TimeSpan.FromMinutes(1);

    /// <summary>SKU of the key's line: a partition of its own, as the reservation id is.</summary>
    public static string KeyLineOf(string reservationId) => reservationId;

    public static bool IsKey(StockCommand command) => command.Sku == command.ReservationId;

    public static bool IsKey(ReservationDecided decided) => decided.Sku == decided.ReservationId;

    /// <summary>Equal for equal quantities of equal SKUs, in whatever order they were written.</summary>
    public static string HashOf(IReadOnlyDictionary<string, int> quantityBySku)
    {
        var text = new StringBuilder();
        foreach (var (sku, quantity) in quantityBySku.OrderBy(line => line.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{sku}\n{quantity}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, HashBytes));
    }

    /// <summary>Results with a newer one. Lines that ended under what the key was bound to before are dropped.</summary>
    public static IReadOnlyList<ReservationDecided> With(IReadOnlyList<ReservationDecided> before, ReservationDecided decided)
    {
        // It says nothing about the reservation, only about who asked.
        if (decided.Outcome == ReservationOutcome.MISMATCHED)
            return before;
        ReservationDecided[] after = [.. before.Where(line => line.Sku != decided.Sku), decided];
        return after.FirstOrDefault(IsKey) is { } key ? [.. after.Where(line => line.Outcome == ReservationOutcome.RESERVED || BelongsTo(key, line))] : after;
    }

    /// <summary>The SKUs' lines that the key is bound to; all without a key.</summary>
    public static IReadOnlyList<ReservationDecided> Current(IReadOnlyList<ReservationDecided> lines)
    {
        var key = lines.FirstOrDefault(IsKey);
        return [.. lines.Where(line => !IsKey(line) && (key is null || BelongsTo(key, line)))];
    }

    private static bool BelongsTo(ReservationDecided key, ReservationDecided line) => line.LinesHash == key.LinesHash || line.LinesHash.Length == 0;
}
