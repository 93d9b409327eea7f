using System.Globalization;
using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.SampleShop;

/// <summary>What a shop should not send and does: each must be refused with its reason, without harm to its neighbours.</summary>
internal static class Mistakes
{
    private static readonly (string Reason, string Body)[] All =
    [
        ("negative_price", """
            "type":"track","event":"Order Completed","properties":{"order_id":"BAD-1","currency":"EUR","total":5,"products":[{"sku":"TEA-01","price":-5,"quantity":1}]}
            """),
        ("missing_order_id", """
            "type":"track","event":"Order Completed","properties":{"currency":"EUR","total":12.5,"products":[{"sku":"TEA-01","price":12.5,"quantity":1}]}
            """),
        ("invalid_currency", """
            "type":"track","event":"Order Completed","properties":{"order_id":"BAD-2","currency":"EURO","total":12.5,"products":[{"sku":"TEA-01","price":12.5,"quantity":1}]}
            """),
        ("not_in_tracking_plan", """
            "type":"track","event":"Mouse Moved","properties":{"x":17,"y":4}
            """),
        ("unknown_type", """
            "type":"teleport","event":"Order Completed","properties":{}
            """),
        ("timestamp_in_future", """
            "type":"page","name":"Home","properties":{}
            """),
    ];

    public static void Add(Timeline timeline, MessageIds ids, DateTimeOffset start, int days)
    {
        for (var i = 0; i < All.Length; i++)
        {
            var (reason, body) = All[i];
            var at = start.AddDays((i + 1) * days / (All.Length + 1.0));
            var timestamp = reason == "timestamp_in_future" ? "2999-01-01T00:00:00.000Z" : at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            timeline.AddRefused(
                at,
                $$"""{"messageId":"{{ids.For("mistake", reason)}}","timestamp":"{{timestamp}}","anonymousId":"dev-mistaken",{{body.Trim()}}}""",
                reason);
        }
    }
}
