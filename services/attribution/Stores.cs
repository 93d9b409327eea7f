using Commerce.Attribution;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.Attribution;

/// <summary>State of the pipeline. Profiles, touches and orders live with the profile; owners and shown credits with the order.</summary>
public static class Stores
{
    /// <summary>Consent and whereabouts; key profile id.</summary>
    public static readonly Store<Journey> Journeys = new("journeys", Topics.AttributionCreditJourneysChangelog);

    /// <summary>Key <c>profile id|touch id</c>.</summary>
    public static readonly Store<Touch> Touches = new("touches", Topics.AttributionCreditTouchesChangelog);

    /// <summary>Key <c>profile id|platform/orderId</c>.</summary>
    public static readonly Store<OrderPath> Orders = new("orders", Topics.AttributionCreditOrdersChangelog);

    /// <summary>Key <c>platform/orderId</c>.</summary>
    public static readonly Store<OrderOwner> Owners = new("owners", Topics.AttributionCreditOwnersChangelog);

    /// <summary>Key <c>platform/orderId</c>.</summary>
    public static readonly Store<ShownCredits> Shown = new("shown", Topics.AttributionCreditShownChangelog);
}
