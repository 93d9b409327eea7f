using System.Globalization;
using Commerce.Inventory;
using Commerce.Orders;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>What orders and refunds mean for stock: a command for every line that has stock.</summary>
public static class Claims
{
    private const string NoOrder = "-";

    /// <summary>An order claims once, whatever message states it again.</summary>
    public static string KeyOf(OrderCompleted order) => $"order/{order.Source.Platform}/{order.Order.OrderId}";

    /// <summary>A refund returns once for each order that it names.</summary>
    public static string KeyOf(OrderRefunded refund) => $"refund/{refund.Source.Platform}/{refund.Refund.RefundId}/{refund.Refund.OrderId ?? NoOrder}";

    /// <summary>Two lines with the same SKU are two sales.</summary>
    public static IReadOnlyList<StockCommand> Of(OrderCompleted order) =>
        Commands(
            order.Order.Lines, StockCommandKind.SELL, order.Source.Platform, order.Order.OrderId, order.Timestamp, order.ReceivedAt,
            ReservationIds.Of(order.Source.Platform, order.Order.OrderId));

    public static IReadOnlyList<StockCommand> Of(OrderRefunded refund) =>
        Commands(
            refund.Refund.Lines, StockCommandKind.RETURN, refund.Source.Platform, $"{refund.Refund.RefundId}/{refund.Refund.OrderId ?? NoOrder}",
            refund.Timestamp, refund.ReceivedAt, reservationId: null);

    private static List<StockCommand> Commands(
        IReadOnlyList<OrderLine> lines, StockCommandKind kind, string platform, string document, DateTimeOffset occurredAt, DateTimeOffset receivedAt,
        string? reservationId) =>
    [
        .. from line in lines
           where line.Stocked && line.Quantity > 0
           let reference = string.Create(CultureInfo.InvariantCulture, $"{document}/{line.Line}")
           select new StockCommand
           {
               CommandId = $"{(kind == StockCommandKind.SELL ? "order" : "refund")}/{platform}/{reference}",
               Platform = platform, Sku = line.Sku, Kind = kind, Quantity = line.Quantity, Reference = reference, ReservationId = reservationId,
               OccurredAt = occurredAt, ReceivedAt = receivedAt,
           },
    ];
}
