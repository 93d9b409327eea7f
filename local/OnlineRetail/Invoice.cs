using NodaTime;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>One line of the file.</summary>
public sealed record InvoiceLine(string StockCode, string Description, int Quantity, decimal UnitPrice)
{
    /// <summary>Quantity × unit price, exact.</summary>
    public decimal Amount => Quantity * UnitPrice;
}

/// <summary>All lines with one invoice number.</summary>
public sealed record Invoice
{
    public required string Number { get; init; }

    /// <summary>The shop's clock at the invoice's earliest line (a few invoices span two minutes).</summary>
    public required LocalDateTime Time { get; init; }

    /// <summary>Null for a guest.</summary>
    public required string? CustomerId { get; init; }
    public required string Country { get; init; }

    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<InvoiceLine> Lines { get; init; }
}

/// <summary>What an invoice means.</summary>
public enum InvoiceKind
{
    /// <summary>No letter, something was sold.</summary>
    Order,

    /// <summary>No letter, nothing was sold: units found, lost or written off.</summary>
    StockAdjustment,

    /// <summary>C: goods or money given back.</summary>
    Refund,

    /// <summary>Any other letter, or a negative price: bookkeeping such as bad debt, which is no shop event.</summary>
    Accounting,
}
