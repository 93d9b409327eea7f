using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.Attribution;

/// <summary>
/// Orders and refunds are taken at the partition of the order, which knows the owner, and sent to the profile; touches, consent and
/// merges come to the profile directly; credits come back to the partition of the order, which shows them.
/// </summary>
public static class AttributionTopology
{
    public const string Name = "attribution.credit";

    /// <param name="sealing">Seals what becomes a dead letter.</param>
    public static Topology Build(AttributionHandlers handlers, Forgetting forgetting, Sealing? sealing = null) => Topology.Named(Name)
        .WithState(Stores.Owners)
        .WithState(Stores.Journeys)
        .WithState(Stores.Touches)
        .WithState(Stores.Orders)
        .WithState(Stores.Shown)
        .WithTimers(Topics.AttributionCreditTimersChangelog)
        .From(Topics.OrdersCompleted, handlers.OnCompleted)
        .From(Topics.OrdersRefunded, handlers.OnRefunded)
        .From(Topics.IdentityResolvedEvents, handlers.OnEvent)
        .From(Topics.IdentityProfileMerges, handlers.OnMerged)
        .From(Topics.AttributionHandovers, handlers.OnHandover)
        .From(Topics.AttributionCredits, handlers.OnCredited)
        .OnTimer(Timers.Owner, Forgetting.OnOwnerDue)
        .OnTimer(Timers.Shown, Forgetting.OnShownDue)
        .OnTimer(Timers.Order, Forgetting.OnOrderDue)
        .OnTimer(Timers.Touch, forgetting.OnTouchDue)
        .OnTimer(Timers.Journey, forgetting.OnJourneyDue)
        .To(Topics.AttributionHandovers, Topics.AttributionCredits)
        .DeadLettersTo(Topics.AttributionCreditDlq, sealing)
        .RetryingInAnyOrder(Topics.AttributionCreditParkedChangelog, Topics.AttributionCreditRetries)
        .ViewedIn(CreditsView.View);
}
