using System.Text;
using System.Text.Json;
using Commerce.Attribution;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.Attribution.Adapters;

/// <summary>The current credits of each order as Redis shows them: a JSON document.</summary>
public static class CreditsView
{
    /// <summary>Redis keys are this and <c>platform/orderId</c>.</summary>
    public const string KeyPrefix = "commerce:attribution:credits:";

    public static readonly RedisView View = RedisView.AsString(Stores.Shown, KeyPrefix, (_, shown) => Encoding.UTF8.GetString(shown.Body));

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public static ShownCredits Show(OrderCredited credited) => new()
    {
        Version = credited.Version,
        Body = JsonSerializer.SerializeToUtf8Bytes(
            new CreditsDocument(
                credited.Platform, credited.OrderId, credited.ProfileId, credited.Version, credited.Currency, credited.NetRevenue, credited.OrderedAt,
                [
                    .. credited.Models.Select(model => new ModelDocument(model.Model,
                        [.. model.Credits.Select(credit => new CreditDocument(credit.Touch, credit.Channel, credit.Campaign, credit.TouchedAt, credit.Credit))])),
                ]),
            Json),
    };

    public static CreditsDocument Read(string json) => JsonSerializer.Deserialize<CreditsDocument>(json, Json)!;
}

/// <summary>Credits of an order as the API answers them. Amounts are in the order's currency and sum to the net revenue in every model.</summary>
public sealed record CreditsDocument(
    string Platform, string OrderId, string ProfileId, long Version, string Currency, decimal NetRevenue, DateTimeOffset OrderedAt,
    IReadOnlyList<ModelDocument> Models);

/// <summary>Credits of one model.</summary>
public sealed record ModelDocument(string Model, IReadOnlyList<CreditDocument> Credits);

/// <summary>Credit of one touch; touch <c>(none)</c> when none led to the order or consent forbids to say which.</summary>
public sealed record CreditDocument(string Touch, string Channel, string? Campaign, DateTimeOffset? TouchedAt, decimal Credit);
