using Commerce.Attribution;
using Commerce.Collection;

namespace Commerce.Streaming.Attribution.Domain;

/// <summary>Which events are touches.</summary>
public static class Touches
{
    /// <summary>
    /// The touch in an event: a page, screen or track call of a visit that a campaign or another site brought. Null for everything
    /// else, direct visits and orders included. Of a visit without consent nothing but its time is kept.
    /// </summary>
    public static Touch? Of(CollectedEvent collected, ChannelRules rules)
    {
        if (collected.Kind is not (EventKind.PAGE or EventKind.SCREEN or EventKind.TRACK)) return null;
        if (collected.Order is not null || collected.Refund is not null) return null;
        if (rules.ChannelOf(collected.Campaign, collected.ReferrerHost) is not { } channel) return null;
        var consented = collected.Consent.Analytics;
        return new Touch
        {
            TouchId = collected.MessageId,
            Channel = consented ? channel : Channels.Unconsented,
            Campaign = consented ? collected.Campaign?.Name : null,
            TouchedAt = collected.Timestamp,
            Consented = consented,
        };
    }
}
