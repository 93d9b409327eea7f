namespace Commerce.Streaming.Verification.Warehouse;

/// <summary>What must hold for stock at the end of what was sent.</summary>
public static class StockChecks
{
    /// <summary>Checks on hand against what was sent; nothing may stay owed or reserved.</summary>
    /// <param name="expected">Units by SKU.</param>
    public static IReadOnlyList<Check> OnHand(string subject, IReadOnlyList<StockRow> stock, IReadOnlyDictionary<string, decimal> expected) =>
    [
        Check.Same(subject, expected, stock.ToDictionary(row => row.Sku, row => (decimal)(row.OnHand ?? 0), StringComparer.Ordinal)),
        All("nothing owed or reserved at the end", stock, row => row.Owed is 0 && row.Reserved is 0,
            row => $"{row.Sku}: owed {row.Owed}, reserved {row.Reserved}"),
    ];

    private static Check All(string subject, IReadOnlyList<StockRow> stock, Func<StockRow, bool> holds, Func<StockRow, string> describe)
    {
        var wrong = stock.Where(row => !holds(row)).ToList();
        return Check.None(subject, stock.Count, wrong.Count, wrong.Take(Check.DifferencesMax).Select(describe));
    }
}
