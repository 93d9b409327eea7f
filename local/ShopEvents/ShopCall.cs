namespace Commerce.Streaming.ShopEvents;

/// <summary>One call of the collection API as a shop would make it; <see cref="ShopCallWriter"/> gives its Segment-shaped JSON.</summary>
public abstract record ShopCall
{
    /// <summary>Unique within the source and the same whenever the call is made again: a second sending changes nothing.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it happened in the shop (UTC, milliseconds).</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The shop's own id of a known customer; null for a guest and for what no person did.</summary>
    public string? UserId { get; init; }

    /// <summary>Device or browser; for stock and accounting the system that sends.</summary>
    public required string AnonymousId { get; init; }

    /// <summary>What the person agreed to when it was captured; null where there is no person or nothing was said.</summary>
    public ConsentChoice? Consent { get; init; }
}

/// <summary>Answers to the consent question.</summary>
public sealed record ConsentChoice(bool Analytics, bool Advertising, bool Personalization);

/// <summary>Says who a user id is.</summary>
public sealed record IdentifyCall : ShopCall
{
    public required string Email { get; init; }
    public string? Country { get; init; }
}

/// <summary>A page was seen; with a campaign or a referrer from elsewhere it is a touch.</summary>
public sealed record PageCall : ShopCall
{
    public required string Url { get; init; }
    public required string Title { get; init; }
    public string? Referrer { get; init; }
    public CampaignTags? Campaign { get; init; }
}

/// <summary>utm_* parameters of a visit.</summary>
public sealed record CampaignTags(string Source, string Medium, string? Name);

/// <summary>"Order Completed".</summary>
public sealed record OrderCompletedCall : ShopCall
{
    public required string OrderId { get; init; }
    public required string Currency { get; init; }

    /// <summary>What the customer owes, in <see cref="Currency"/>.</summary>
    public required decimal Total { get; init; }
    public decimal Shipping { get; init; }
    public decimal Tax { get; init; }
    public decimal Discount { get; init; }
    public string? Country { get; init; }
    public required IReadOnlyList<ProductLine> Lines { get; init; }
}

/// <summary>"Order Refunded"; without an order when none can be named.</summary>
public sealed record OrderRefundedCall : ShopCall
{
    public required string RefundId { get; init; }
    public string? OrderId { get; init; }
    public required string Currency { get; init; }

    /// <summary>Amount given back, in <see cref="Currency"/>.</summary>
    public required decimal Total { get; init; }
    public required IReadOnlyList<ProductLine> Lines { get; init; }
}

/// <summary>"Stock Received".</summary>
public sealed record StockReceivedCall : ShopCall
{
    public required string Sku { get; init; }
    public required int Quantity { get; init; }
    public required string Reference { get; init; }
}

/// <summary>"Stock Adjusted": units found, lost or written off.</summary>
public sealed record StockAdjustedCall : ShopCall
{
    public required string Sku { get; init; }

    /// <summary>Signed, never 0.</summary>
    public required int Quantity { get; init; }
    public required string Reference { get; init; }
}

/// <summary>Any other track call, with flat properties.</summary>
public sealed record TrackCall : ShopCall
{
    public required string Event { get; init; }
    public required IReadOnlyList<KeyValuePair<string, object?>> Properties { get; init; }
}

/// <summary>A line of an order or a refund.</summary>
public readonly record struct ProductLine
{
    /// <summary>Number within the order, from 1.</summary>
    public required int Line { get; init; }
    public required string Sku { get; init; }
    public string? Name { get; init; }
    public string? Category { get; init; }
    public required decimal Price { get; init; }
    public required int Quantity { get; init; }
    public decimal Discount { get; init; }

    /// <summary>False for what has no stock: postage, fees, gift vouchers.</summary>
    public required bool Stocked { get; init; }
}
