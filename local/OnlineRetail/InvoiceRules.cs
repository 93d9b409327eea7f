namespace Commerce.Streaming.OnlineRetail;

/// <summary>Reads the meaning of an invoice from its number, lines and customer.</summary>
public static class InvoiceRules
{
    public static InvoiceKind KindOf(Invoice invoice) => Letter(invoice.Number) switch
    {
        _ when invoice.Lines.Any(line => line.UnitPrice < 0m) => InvoiceKind.Accounting,
        null => IsOrder(invoice) ? InvoiceKind.Order : InvoiceKind.StockAdjustment,
        'C' => InvoiceKind.Refund,
        _ => InvoiceKind.Accounting,
    };

    /// <summary>Upper-case letter in front of the number; null when there is none.</summary>
    public static char? Letter(string number) =>
        number.Length > 0 && char.IsAsciiLetter(number[0]) ? char.ToUpperInvariant(number[0]) : null;

    /// <summary>Lines of an order: everything handed over, free items (price 0) too.</summary>
    public static bool IsSold(InvoiceLine line) => line.Quantity > 0;

    /// <summary>Lines of a refund that give something back. A credit note may also charge (quantity &gt; 0), which is bookkeeping.</summary>
    public static bool IsReturned(InvoiceLine line) => line.Quantity < 0;

    private static bool IsOrder(Invoice invoice)
    {
        var sold = false;
        foreach (var line in invoice.Lines)
        {
            if (!IsSold(line))
                continue;
            if (line.UnitPrice != 0m)
                return true;
            sold = true;
        }
        return sold && invoice.CustomerId is not null;
    }
}
