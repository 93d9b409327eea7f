using Commerce.Attribution;

namespace Commerce.Streaming.Attribution.Domain;

/// <summary>What attribution remembers of an order.</summary>
public static class OrderPaths
{
    /// <summary>Order ids are the platform's own.</summary>
    public static string Key(string platform, string orderId) => $"{platform}/{orderId}";

    public static string Key(OrderPath path) => Key(path.Platform, path.OrderId);

    /// <summary>Union of what two places know of one order: neither the order of arrival nor repetition matters.</summary>
    public static OrderPath Union(OrderPath one, OrderPath other)
    {
        var newer = one.Version >= other.Version ? one : other;
        return newer with { Refunds = Union(one.Refunds, other.Refunds) };
    }

    /// <summary>Refunds by id; of two with the same id the first one stays.</summary>
    public static IReadOnlyList<RefundRef> Union(IEnumerable<RefundRef> some, IEnumerable<RefundRef> more) =>
        [.. some.Concat(more).DistinctBy(refund => refund.RefundId).OrderBy(refund => refund.RefundId, StringComparer.Ordinal)];
}
