using NodaTime;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>Goods that arrive so that stock suffices.</summary>
/// <param name="Before">Position in the file's invoices of the one that it arrives before.</param>
public sealed record StockReceipt(string Sku, int Quantity, LocalDateTime Time, int Before, int Number);

/// <summary>
/// The data set has no receipts. This makes them: whenever an invoice would take a SKU below zero, a delivery arrives first,
/// in dozens, enough for the shortfall and the demand of the next <see cref="CoverDays"/> days.
/// </summary>
public static class StockReceipts
{
    public const int CoverDays = 30;
    public const int LotSize = 12;

    // Deliveries come before the shop opens.
    private static readonly LocalTime DeliveryTime = new(6, 0);

    public static IEnumerable<StockReceipt> For(IReadOnlyList<Invoice> invoices) =>
        Changes(invoices).SelectMany(sku => ForSku(sku.Key, sku.Value, invoices));

    private static Dictionary<string, List<Change>> Changes(IReadOnlyList<Invoice> invoices)
    {
        var bySku = new Dictionary<string, List<Change>>(StringComparer.Ordinal);
        for (var i = 0; i < invoices.Count; i++)
        {
            var kind = InvoiceRules.KindOf(invoices[i]);
            foreach (var line in invoices[i].Lines)
            {
                if (StockMove.Of(kind, line) is not (not 0 and var quantity))
                    continue;
                if (!bySku.TryGetValue(line.StockCode, out var changes))
                    bySku.Add(line.StockCode, changes = []);
                changes.Add(new Change(i, quantity));
            }
        }
        return bySku;
    }

    private static IEnumerable<StockReceipt> ForSku(string sku, List<Change> changes, IReadOnlyList<Invoice> invoices)
    {
        long onHand = 0;
        var number = 0;
        for (var i = 0; i < changes.Count; i++)
        {
            var invoice = invoices[changes[i].Invoice];
            if (onHand + changes[i].Quantity < 0)
            {
                var needed = Deepest(changes, i, invoice.Time.PlusDays(CoverDays), invoices) - onHand;
                var quantity = checked((int)((needed + LotSize - 1) / LotSize * LotSize));
                var delivery = invoice.Time.Date + DeliveryTime;
                yield return new StockReceipt(
                    sku, quantity, LocalDateTime.Min(delivery, invoice.Time), changes[i].Invoice, ++number);
                onHand += quantity;
            }
            onHand += changes[i].Quantity;
        }
    }

    /// <summary>How far the changes from <paramref name="first"/> to <paramref name="end"/> reach below where they start.</summary>
    private static long Deepest(List<Change> changes, int first, LocalDateTime end, IReadOnlyList<Invoice> invoices)
    {
        long sum = 0;
        long deepest = 0;
        for (var i = first; i < changes.Count && (i == first || invoices[changes[i].Invoice].Time < end); i++)
        {
            sum += changes[i].Quantity;
            deepest = Math.Max(deepest, -sum);
        }
        return deepest;
    }

    private readonly record struct Change(int Invoice, int Quantity);
}

/// <summary>What a line does to stock.</summary>
public static class StockMove
{
    /// <summary>Change of on hand in units; 0 when it has none.</summary>
    public static int Of(InvoiceKind kind, InvoiceLine line) => kind switch
    {
        _ when !Goods.IsStocked(line.StockCode) => 0,
        InvoiceKind.Order => InvoiceRules.IsSold(line) ? -line.Quantity : line.Quantity,
        InvoiceKind.StockAdjustment => line.Quantity,
        InvoiceKind.Refund => InvoiceRules.IsReturned(line) ? -line.Quantity : 0,
        _ => 0,
    };
}
