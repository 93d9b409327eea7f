using Commerce.Collection;
using Commerce.Consent;
using Commerce.Inventory;
using Commerce.Orders;

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>Records as the other services send them.</summary>
internal static class Said
{
    private static readonly Source Shop = new() { Id = "web", Platform = "shop", Tenant = "default", TimeZone = "Europe/Berlin" };
    private static readonly ConsentState Consent = new() { Analytics = true, Advertising = true, Personalization = true, Basis = ConsentBasis.EVENT };

    public static OrderLine Line(int line, string sku, int quantity, bool stocked = true) => new()
    {
        Line = line, ProductId = sku, Sku = sku, Quantity = quantity, Price = 1m, Discount = 0m, Stocked = stocked,
    };

    public static OrderCompleted Order(string id, params OrderLine[] lines) => new()
    {
        ProfileId = "p", Source = Shop, MessageId = "m" + id, Timestamp = Shelf.Noon, ReceivedAt = Shelf.Noon, Consent = Consent,
        Order = new Order { OrderId = id, Currency = "EUR", Revenue = 1m, Tax = 0m, Shipping = 0m, Discount = 0m, Lines = lines },
    };

    public static OrderRefunded Refund(string id, string? orderId, params OrderLine[] lines) => new()
    {
        ProfileId = "p", Source = Shop, MessageId = "m" + id, Timestamp = Shelf.Noon, ReceivedAt = Shelf.Noon, Consent = Consent,
        Refund = new Refund { RefundId = id, OrderId = orderId, Currency = "EUR", Amount = 1m, Lines = lines },
    };

    public static StockCommand Command(
        StockCommandKind kind, string sku, int quantity, string id, string? reservation = null, int seconds = 60) => new()
    {
        CommandId = id, Platform = "shop", Sku = sku, Kind = kind, Quantity = quantity, Reference = id, ReservationId = reservation,
        TtlMs = kind == StockCommandKind.RESERVE ? seconds * 1000L : null, OccurredAt = Shelf.Noon, ReceivedAt = Shelf.Noon,
    };
}
