using Commerce.Attribution;
using Commerce.Collection;
using Commerce.Consent;
using Commerce.Orders;

namespace Commerce.Streaming.Attribution.Tests;

/// <summary>Records with the fields that these tests do not care about filled in.</summary>
internal static class Given
{
    public const string Platform = "shop";

    /// <summary>When orders happen, unless said otherwise.</summary>
    public static readonly DateTimeOffset Day = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    public static readonly Source Source = new() { Id = "shop-web", Platform = Platform, Tenant = "default", TimeZone = "Europe/Berlin" };

    public static Touch Touch(string id, double daysBefore = 1, string channel = "email", bool consented = true) => new()
    {
        TouchId = id, Channel = channel, TouchedAt = Day.AddDays(-daysBefore), Consented = consented,
    };

    public static OrderPath Path(decimal revenue = 140m, bool consented = true, params RefundRef[] refunds) => new()
    {
        Platform = Platform, OrderId = "o1", Currency = "EUR", Revenue = revenue, OrderedAt = Day, Consented = consented,
        Refunds = refunds, Version = 0, Stated = "",
    };

    public static RefundRef RefundRef(string id, decimal amount, string currency = "EUR") => new() { RefundId = id, Amount = amount, Currency = currency };

    public static ConsentState Consent(bool analytics) =>
        new() { Analytics = analytics, Advertising = false, Personalization = false, Basis = ConsentBasis.EVENT };

    public static OrderCompleted Completed(string orderId, string profile, decimal revenue, DateTimeOffset? at = null, bool consented = true) => new()
    {
        ProfileId = profile, Source = Source, MessageId = $"order-{orderId}-{profile}", Timestamp = at ?? Day, ReceivedAt = Day, Consent = Consent(consented),
        Order = new Order { OrderId = orderId, Currency = "EUR", Revenue = revenue, Tax = 0, Shipping = 0, Discount = 0, Lines = [] },
    };

    public static OrderRefunded Refunded(string refundId, string? orderId, string profile, decimal amount) => new()
    {
        ProfileId = profile, Source = Source, MessageId = $"refund-{refundId}-{profile}", Timestamp = Day.AddDays(2), ReceivedAt = Day, Consent = Consent(true),
        Refund = new Refund { RefundId = refundId, OrderId = orderId, Currency = "EUR", Amount = amount, Lines = [] },
    };

    public static CollectedEvent Visit(string messageId, Campaign? campaign = null, string? referrerHost = null, bool consented = true, double daysBefore = 1) => new()
    {
        MessageId = messageId, Kind = EventKind.PAGE, Source = Source, Timestamp = Day.AddDays(-daysBefore), ReceivedAt = Day,
        Consent = Consent(consented), Campaign = campaign, ReferrerHost = referrerHost,
    };

    public static Campaign Campaign(string? source = null, string? medium = null, string? name = null, string? clickId = null) =>
        new() { Source = source, Medium = medium, Name = name, ClickId = clickId };
}
