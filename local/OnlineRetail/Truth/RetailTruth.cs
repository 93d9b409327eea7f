namespace Commerce.Streaming.OnlineRetail.Truth;

/// <summary>What the tables must say after a file has been replayed, computed from its rows alone.</summary>
public sealed record RetailTruth
{
    public int Rows { get; set; }
    public int Orders { get; set; }
    public int OrderLines { get; set; }
    public long Units { get; set; }
    public decimal Revenue { get; set; }
    public decimal Refunds { get; set; }
    public int RefundInvoices { get; set; }

    /// <summary>Numbers of the invoices that must be in quarantine.</summary>
    public SortedSet<string> Quarantined { get; } = new(StringComparer.Ordinal);

    /// <summary>Revenue of the day's orders, before refunds, by the shop's own date.</summary>
    public SortedDictionary<DateOnly, decimal> RevenueByDay { get; } = [];

    /// <summary>Revenue less refunds of every customer with a number.</summary>
    public SortedDictionary<string, decimal> NetSpendByCustomer { get; } = new(StringComparer.Ordinal);

    /// <summary>Units in less units out of every stock code that has stock, receipts left out.</summary>
    public SortedDictionary<string, long> StockChange { get; } = new(StringComparer.Ordinal);
}
