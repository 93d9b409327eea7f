using Commerce.Attribution;
using Commerce.Orders;

namespace Commerce.Streaming.Attribution.Domain;

/// <summary>What an order or refund changes at the partition of the order.</summary>
/// <param name="Next">New state; null when nothing changed.</param>
/// <param name="Sent">On its way to the owner; null when there is none yet, or nothing new.</param>
/// <param name="Refused">Reason code; null when accepted.</param>
public sealed record OwnershipStep(OrderOwner? Next, StateHandover? Sent, string? Refused = null)
{
    public static readonly OwnershipStep Nothing = new(null, null);
}

/// <summary>
/// One writer per order says which profile it belongs to, and keeps its refunds: whoever sends a refund, and under whatever identity,
/// it meets its order; an order sent twice under two identities is credited once.
/// </summary>
public static class Ownership
{
    public const string TooManyRefunds = "too_many_refunds";

    /// <summary>The first completion of an order id holds; later ones are repetitions.</summary>
    public static OwnershipStep Complete(OrderOwner? known, OrderCompleted completed)
    {
        if (known?.Path is not null) return OwnershipStep.Nothing;
        var path = new OrderPath
        {
            Platform = completed.Source.Platform,
            OrderId = completed.Order.OrderId,
            Currency = completed.Order.Currency,
            Revenue = completed.Order.Revenue,
            OrderedAt = completed.Timestamp,
            Consented = completed.Consent.Analytics,
            Refunds = known?.Early ?? [],
            Version = 0,
            Stated = "",
        };
        var owner = new OrderOwner { ProfileId = completed.ProfileId, Path = path, Early = [] };
        return new OwnershipStep(owner, Send(completed.ProfileId, path, Causes.Order));
    }

    /// <summary>A refund waits for its order; one that names no order has no credits to take back.</summary>
    public static OwnershipStep Refund(OrderOwner? known, OrderRefunded refunded, CreditRules rules)
    {
        if (refunded.Refund.OrderId is null) return OwnershipStep.Nothing;
        var owner = known ?? new OrderOwner { Early = [] };
        var before = owner.Path?.Refunds ?? owner.Early;
        if (before.Any(refund => refund.RefundId == refunded.Refund.RefundId)) return OwnershipStep.Nothing;
        if (before.Count >= rules.MaxRefundsPerOrder) return new OwnershipStep(null, null, TooManyRefunds);
        var refund = new RefundRef { RefundId = refunded.Refund.RefundId, Currency = refunded.Refund.Currency, Amount = refunded.Refund.Amount };
        var refunds = OrderPaths.Union(before, [refund]);
        if (owner.Path is null) return new OwnershipStep(owner with { Early = refunds }, null);
        var path = owner.Path with { Refunds = refunds };
        return new OwnershipStep(owner with { Path = path }, Send(owner.ProfileId!, path, Causes.Refund));
    }

    private static StateHandover Send(string profileId, OrderPath path, string cause) => new()
    {
        To = profileId, Touches = [], Orders = [path], Cause = cause,
    };
}
