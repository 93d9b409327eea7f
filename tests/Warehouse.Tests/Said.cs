using Commerce.Attribution;
using Commerce.Collection;
using Commerce.Consent;
using Commerce.Identity;
using Commerce.Inventory;
using Commerce.Orders;

namespace Commerce.Streaming.Warehouse.Tests;

/// <summary>Records as the other services send them, with everything that a test does not care about filled in.</summary>
internal static class Said
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static readonly Source Shop = new() { Id = "web", Platform = "shop", Tenant = "default", TimeZone = "Europe/Berlin" };

    private static readonly ConsentState Consent = new() { Analytics = true, Advertising = false, Personalization = false, Basis = ConsentBasis.EVENT };

    public static OrderLine Line(int line, string sku, int quantity, decimal price, string? title = null) => new()
    {
        Line = line, ProductId = sku, Sku = sku, Title = title ?? "Title of " + sku, Category = null, Quantity = quantity, Price = price, Discount = 0m, Stocked = true,
    };

    public static OrderCompleted Order(
        string id, string profile, DateTimeOffset? at = null, string? user = null, string? message = null, params OrderLine[] lines)
    {
        OrderLine[] all = lines.Length > 0 ? lines : [Line(1, "A", 2, 10m)];
        return new OrderCompleted
        {
            ProfileId = profile, UserId = user, Source = Shop, MessageId = message ?? "order-" + id, Timestamp = at ?? Noon,
            ReceivedAt = (at ?? Noon).AddSeconds(1), Consent = Consent,
            Order = new Order
            {
                OrderId = id, Currency = "EUR", Revenue = all.Sum(line => line.Quantity * line.Price), Tax = 1.5m, Shipping = 0m, Discount = 0.25m,
                Coupon = null, Lines = all,
            },
        };
    }

    public static OrderRefunded Refund(string id, string? orderId, decimal amount, string profile, DateTimeOffset? at = null, string? user = null) => new()
    {
        ProfileId = profile, UserId = user, Source = Shop, MessageId = $"refund-{id}-{orderId}", Timestamp = at ?? Noon.AddDays(1),
        ReceivedAt = (at ?? Noon).AddSeconds(1), Consent = Consent,
        Refund = new Refund { RefundId = id, OrderId = orderId, Currency = "EUR", Amount = amount, Lines = [] },
    };

    public static ResolvedEvent Event(EventKind kind, string profile, string? user = null, DateTimeOffset? at = null) => new()
    {
        ProfileId = profile,
        Event = new CollectedEvent
        {
            MessageId = $"{kind}-{profile}-{user}", Kind = kind, Source = Shop, UserId = user, Timestamp = at ?? Noon, ReceivedAt = at ?? Noon, Consent = Consent,
        },
    };

    public static ProfileMerged Merge(string loser, string winner, long version) => new()
    {
        Tenant = "default", Loser = loser, Winner = winner, Identifiers = [], EvidenceMessageId = "m", Version = version, MergedAt = Noon,
    };

    public static OrderCredited Credits(string orderId, long version, params (string Touch, decimal Credit)[] credits) => new()
    {
        Platform = "shop", OrderId = orderId, ProfileId = "p", Version = version, Currency = "EUR", NetRevenue = credits.Sum(credit => credit.Credit),
        OrderedAt = Noon, Cause = "order",
        Models = [new ModelCredits
        {
            Model = "linear",
            Credits = [.. credits.Select(credit => new TouchCredit { Touch = credit.Touch, Channel = "email", TouchedAt = Noon, Credit = credit.Credit })],
        }],
    };

    public static StockMoved Movement(string sku, long version, int quantity, long after) => new()
    {
        MovementId = $"shop/{sku}/{version}", Platform = "shop", Sku = sku, Version = version,
        Kind = quantity > 0 ? MovementKind.RECEIPT : MovementKind.SALE, Quantity = quantity, OnHandAfter = after, Reference = "r", CommandId = "c" + version,
        OccurredAt = Noon,
    };

    public static StockAvailability Level(string sku, long version, long onHand) => new()
    {
        Platform = "shop", Sku = sku, OnHand = onHand, Reserved = 0, Owed = 0, Available = onHand, Version = version, UpdatedAt = Noon,
    };

    public static QuarantinedEvent Quarantined(string message, string reason) => new()
    {
        Source = Shop, MessageId = message, Name = "Order Completed", Reason = reason, Detail = "d", ReceivedAt = Noon, Raw = [1, 2, 3],
    };
}
