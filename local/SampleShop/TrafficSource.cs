using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.SampleShop;

/// <summary>What brings people to the shop.</summary>
/// <param name="Channel">The channel that attribution must see; null for a visit that is no touch.</param>
public sealed record TrafficSource(string? Channel, double Weight, string Path, string? Referrer, CampaignTags? Campaign)
{
    public static IReadOnlyList<TrafficSource> All { get; } =
    [
        new(null, 0.26, "/", null, null),
        new("organic_search", 0.20, "/", "https://www.google.de/", null),
        new("organic_search", 0.05, "/tea", "https://duckduckgo.com/", null),
        new("paid_search", 0.14, "/coffee", "https://www.google.de/", new("google", "cpc", "coffee-brand")),
        new("paid_search", 0.04, "/tea", "https://www.bing.com/", new("bing", "cpc", "tea-generic")),
        new("email", 0.11, "/new", null, new("newsletter", "email", "spring-letter")),
        new("organic_social", 0.06, "/mugs", "https://www.instagram.com/", null),
        new("paid_social", 0.07, "/gifts", "https://www.facebook.com/", new("facebook", "paid_social", "easter-gifts")),
        new("affiliates", 0.03, "/coffee", "https://partner.example/", new("partner-net", "affiliate", "coffee-lovers")),
        new("referral", 0.04, "/pots", "https://tea-journal.example/", null),
    ];

    public static double[] Weights { get; } = [.. All.Select(source => source.Weight)];
}
