using Commerce.Streaming.ShopEvents;
using NodaTime;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>A visit before an order.</summary>
/// <param name="Number">Number of the visit before this order, from 1.</param>
public sealed record Visit(Invoice Order, int Number, Instant Time, VisitKind Kind);

/// <summary>Where a visit came from and where it landed.</summary>
public sealed record VisitKind(string Path, string Title, string? Referrer, CampaignTags? Campaign);

/// <summary>
/// Visits before orders, made up from the seed (the data set has none): up to <see cref="MaxPerOrder"/> within
/// <see cref="WindowDays"/> days, more of them close to the order than long before it.
/// </summary>
public static class Touches
{
    public const int MaxPerOrder = 4;
    public const int WindowDays = 30;

    private const double MeanDaysBefore = 4;
    private static readonly Duration Closest = Duration.FromMinutes(2);
    private static readonly double[] CountWeights = [0.22, 0.33, 0.23, 0.14, 0.08];

    private static readonly (double Weight, VisitKind Kind)[] Kinds =
    [
        (0.22, new("/", "Home", "https://www.google.co.uk/", null)),
        (0.06, new("/", "Home", "https://www.bing.com/", null)),
        (0.16, new("/gifts", "Gifts", "https://www.google.co.uk/", new("google", "cpc", "gifts-uk"))),
        (0.05, new("/home-decoration", "Home decoration", "https://www.bing.com/", new("bing", "cpc", "home-decoration"))),
        (0.15, new("/new-in", "New in", null, new("newsletter", "email", "weekly-news"))),
        (0.06, new("/sale", "Sale", null, new("newsletter", "email", "seasonal-sale"))),
        (0.07, new("/gifts", "Gifts", "https://www.facebook.com/", null)),
        (0.05, new("/party", "Party", "https://www.facebook.com/", new("facebook", "paid_social", "party-season"))),
        (0.05, new("/vintage", "Vintage", "https://www.giftblog.example/", null)),
        (0.04, new("/vintage", "Vintage", "https://partner.example/", new("partner-network", "affiliate", "vintage-deals"))),
        (0.09, new("/", "Home", null, null)),
    ];

    private static readonly double[] KindWeights = [.. Kinds.Select(kind => kind.Weight)];

    public static IEnumerable<Visit> Before(Invoice order, Instant orderedAt, int seed)
    {
        var draw = Seeded.From(seed, "visits " + order.Number);
        var count = draw.Pick(CountWeights);
        for (var i = 1; i <= count; i++)
            yield return new Visit(order, i, orderedAt - Before(ref draw), Kinds[draw.Pick(KindWeights)].Kind);
    }

    /// <summary>Exponential, cut at the window; whole milliseconds.</summary>
    private static Duration Before(ref Seeded draw)
    {
        var days = -Math.Log(1 - draw.NextDouble()) * MeanDaysBefore;
        var before = Duration.FromMilliseconds(Math.Round(Math.Min(days, WindowDays - 0.01) * NodaConstants.MillisecondsPerDay));
        return before < Closest ? Closest : before;
    }
}
