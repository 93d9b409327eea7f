namespace Commerce.Streaming.Attribution.Domain;

/// <summary>What counts, and how much of it is kept.</summary>
public sealed record CreditRules
{
    /// <summary>A touch counts for orders up to this long after it, by event time.</summary>
    public TimeSpan Lookback { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Of an order's eligible touches, the newest this many count.</summary>
    public int MaxTouchesPerOrder { get; init; } = 100;

    /// <summary>
    /// Of a profile's touches, the newest this many (by event time, then id) are kept. Nothing goes by the clock, so as long as a
    /// profile stays within it, credits do not depend on how late anything came.
    /// </summary>
    public int MaxTouchesPerProfile { get; init; } = 1000;

    /// <summary>Touches, or orders and refunds, in one handover message; one order may exceed it by its refunds.</summary>
    public int MaxItemsPerHandover { get; init; } = 200;

    /// <summary>Refunds that one order may have.</summary>
    public int MaxRefundsPerOrder { get; init; } = 1000;
}
