namespace Commerce.Streaming.Attribution.Domain;

/// <summary>What counts, and how much of it is kept.</summary>
public sealed record CreditRules
{
    /// <summary>A touch counts for orders up to this long after it, by event time.</summary>
    public TimeSpan Lookback { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Of an order's eligible touches, the newest this many count.</summary>
    public int MaxTouchesPerOrder { get; init; } = 100;

    /// <summary>
    /// Of a profile's touches, the newest this many (by event time, then id) are kept.
    /// </summary>
    public int MaxTouchesPerProfile { get; init; } = 1000;

    /// <summary>Touches, or orders and refunds, in one handover message; one order may exceed it by its refunds.</summary>
    public int MaxItemsPerHandover { get; init; } = 200;

    /// <summary>Refunds that one order may have.</summary>
    public int MaxRefundsPerOrder { get; init; } = 1000;

    /// <summary>
    /// How long an order is kept after it came, with its credits: what refunds it later than this changes no credits. It goes by when
    /// things came, not by when they happened, so that old events sent today have as long as new ones.
    /// </summary>
    public TimeSpan RefundWindow { get; init; } = TimeSpan.FromDays(400);

    /// <summary>How long a touch is kept after it came; longer while an order that it counts for is kept.</summary>
    public TimeSpan TouchesKept { get; init; } = TimeSpan.FromDays(60);

    /// <summary>
    /// A profile forgets an order, and where it went when it merged, after the order's own partition does, which names the profile that the
    /// order came under: so no refund is sent to where it is unknown.
    /// </summary>
    public TimeSpan ProfilesKept => RefundWindow + TimeSpan.FromDays(1);
}
