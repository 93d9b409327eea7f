using NodaTime;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>What comes first of what happens at one instant.</summary>
internal enum Rank
{
    Receipt,
    Identify,
    Visit,
    Invoice,
}

/// <summary>Place of one call in the plan.</summary>
/// <param name="Invoice">Position of the invoice that it belongs to.</param>
/// <param name="Part">Position among the calls of one invoice.</param>
/// <param name="Content">What <see cref="CallFactory"/> makes the call from.</param>
internal readonly record struct Slot(Instant Time, Rank Rank, int Invoice, int Part, object Content) : IComparable<Slot>
{
    public int CompareTo(Slot other)
    {
        var order = Time.CompareTo(other.Time);
        if (order == 0)
            order = Rank.CompareTo(other.Rank);
        if (order == 0)
            order = Invoice.CompareTo(other.Invoice);
        if (order == 0)
            order = Part.CompareTo(other.Part);
        // Receipts of one morning: by SKU, else the order of a sort that is not stable would show.
        return order == 0 && Content is StockReceipt mine && other.Content is StockReceipt theirs
            ? string.CompareOrdinal(mine.Sku, theirs.Sku)
            : order;
    }
}

/// <summary>A customer is met for the first time.</summary>
internal sealed record Introduction(Invoice Invoice);

/// <summary>One stock adjustment.</summary>
internal sealed record Adjustment(Invoice Invoice, int Number, InvoiceLine Line);

/// <summary>An invoice that is no shop event.</summary>
internal sealed record Bookkeeping(Invoice Invoice);
