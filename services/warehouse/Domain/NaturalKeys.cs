namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>Keys of the star schema, made of what the sources call things: the same after every rebuild.</summary>
internal static class NaturalKeys
{
    private const string NoOrder = "-";

    public static string Order(string platform, string orderId) => platform + ":" + orderId;

    public static string Product(string platform, string sku) => platform + ":" + sku;

    /// <summary>One refund may touch several orders, so the order is part of the key.</summary>
    public static string Refund(string platform, string refundId, string? orderId) => platform + ":" + refundId + ":" + (orderId ?? NoOrder);
}
