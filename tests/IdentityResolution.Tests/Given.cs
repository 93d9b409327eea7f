using Commerce.Collection;
using Commerce.Consent;
using Commerce.Identity;
using Commerce.Orders;

namespace Commerce.Streaming.IdentityResolution.Tests;

/// <summary>Records with the fields that these tests do not care about filled in.</summary>
internal static class Given
{
    public const string Tenant = "default";
    public const string Platform = "shop";

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static CollectedEvent Event(string messageId, string? userId = null, string? email = null, string? anonymousId = null) => new()
    {
        MessageId = messageId,
        Kind = EventKind.TRACK,
        Source = new Source { Id = "shop-web", Platform = Platform, Tenant = Tenant, TimeZone = "Europe/Berlin" },
        UserId = userId,
        EmailPseudonym = email,
        AnonymousId = anonymousId,
        Timestamp = Noon,
        ReceivedAt = Noon,
        Consent = Consent(true),
    };

    public static ConsentState Consent(bool analytics) =>
        new() { Analytics = analytics, Advertising = false, Personalization = false, Basis = ConsentBasis.EVENT };

    public static Order Order(string orderId) => new()
    {
        OrderId = orderId, Currency = "EUR", Revenue = 10, Tax = 0, Shipping = 0, Discount = 0, Lines = [],
    };

    public static Refund Refund(string refundId, string? orderId) => new() { RefundId = refundId, OrderId = orderId, Currency = "EUR", Amount = 4, Lines = [] };

    public static LinkEvidence Evidence(params string[] identifiers) => new()
    {
        Tenant = Tenant, Identifiers = identifiers, MessageId = string.Join('+', identifiers), ObservedAt = Noon,
    };
}
