namespace Commerce.Streaming.OnlineRetail;

/// <summary>Part of a credit note that gives back one order's goods, or, without an order, what nothing could be found for.</summary>
public sealed record Refund(Invoice Invoice, string? OrderId, IReadOnlyList<RefundLine> Lines)
{
    public decimal Amount => Lines.Sum(line => line.Amount);
}

/// <summary>Units given back by one line of a credit note, at the credit note's price.</summary>
/// <param name="Number">Line number in the credit note, from 1; a line split over several orders keeps its number.</param>
/// <param name="Line">The credit note's line.</param>
/// <param name="Quantity">Units, &gt; 0.</param>
public sealed record RefundLine(int Number, InvoiceLine Line, int Quantity)
{
    public decimal Amount => Quantity * Line.UnitPrice;
}

/// <summary>
/// Finds the orders that credit notes belong to: each line takes back from the same customer's latest earlier purchases of the
/// stock code, as far as they have units not yet returned. Feed it orders and credit notes in the order of the shop's clock.
/// </summary>
public sealed class Returns
{
    private readonly Dictionary<(string Customer, string StockCode), Stack<Purchase>> _open = [];

    public void Ordered(Invoice order)
    {
        if (order.CustomerId is not { } customer)
            return;
        foreach (var line in order.Lines.Where(InvoiceRules.IsSold))
        {
            if (!_open.TryGetValue((customer, line.StockCode), out var purchases))
                _open.Add((customer, line.StockCode), purchases = new Stack<Purchase>());
            purchases.Push(new Purchase(order.Number, line.Quantity));
        }
    }

    /// <summary>Splits a credit note by order, in the order in which its lines meet them; the part without an order comes last.</summary>
    public IReadOnlyList<Refund> Refunded(Invoice creditNote)
    {
        var byOrder = new Dictionary<string, List<RefundLine>>(StringComparer.Ordinal);
        var orders = new List<string>();
        var unmatched = new List<RefundLine>();
        for (var i = 0; i < creditNote.Lines.Count; i++)
        {
            var line = creditNote.Lines[i];
            if (!InvoiceRules.IsReturned(line))
                continue;
            var left = -line.Quantity;
            while (left > 0 && TakeBack(creditNote.CustomerId, line.StockCode, left) is { } taken)
            {
                if (!byOrder.TryGetValue(taken.OrderId, out var lines))
                {
                    byOrder.Add(taken.OrderId, lines = []);
                    orders.Add(taken.OrderId);
                }
                Add(lines, new RefundLine(i + 1, line, taken.Quantity));
                left -= taken.Quantity;
            }
            if (left > 0)
                unmatched.Add(new RefundLine(i + 1, line, left));
        }

        var refunds = orders.Select(order => new Refund(creditNote, order, byOrder[order])).ToList();
        if (unmatched.Count > 0)
            refunds.Add(new Refund(creditNote, null, unmatched));
        return refunds;
    }

    /// <summary>An order may have sold a stock code on several lines: what one line of the credit note takes back from it is one line.</summary>
    private static void Add(List<RefundLine> lines, RefundLine taken)
    {
        if (lines.Count > 0 && lines[^1] is var last && last.Number == taken.Number)
            lines[^1] = last with { Quantity = last.Quantity + taken.Quantity };
        else
            lines.Add(taken);
    }

    private (string OrderId, int Quantity)? TakeBack(string? customer, string stockCode, int wanted)
    {
        if (customer is null || !_open.TryGetValue((customer, stockCode), out var purchases) || purchases.Count == 0)
            return null;
        var purchase = purchases.Pop();
        var quantity = Math.Min(wanted, purchase.Quantity);
        if (quantity < purchase.Quantity)
            purchases.Push(purchase with { Quantity = purchase.Quantity - quantity });
        return (purchase.OrderId, quantity);
    }

    private readonly record struct Purchase(string OrderId, int Quantity);
}
