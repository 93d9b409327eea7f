using Commerce.Streaming.Contracts;
using Commerce.Streaming.IdentityResolution.Adapters;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.IdentityResolution;

/// <summary>
/// The two pipelines. Resolve runs on every partition of collected events and answers from what it knows; decide has one partition per
/// deployment, sees new evidence only, and is the one writer that says who is who.
/// </summary>
public static class IdentityTopologies
{
    public const string Resolve = "identity-resolution.resolve";
    public const string Decide = "identity-resolution.decide";

    /// <param name="sealing">Seals what becomes a dead letter.</param>
    public static Topology BuildResolve(ResolveHandlers handlers, Sealing? sealing = null) => Topology.Named(Resolve)
        .WithState(Stores.Links)
        .WithState(Stores.Seen)
        .From(Topics.CollectionEvents, handlers.OnCollected)
        .From(Topics.ConsentDecisions, handlers.OnConsent, whenDeleted: ResolveHandlers.OnConsentDeleted)
        .From(Topics.IdentityAssignments, handlers.OnAssigned, whenDeleted: ResolveHandlers.OnForgotten)
        .To(Topics.IdentityResolvedEvents, Topics.IdentityEvidence, Topics.OrdersCompleted, Topics.OrdersRefunded)
        .DeadLettersTo(Topics.IdentityResolutionResolveDlq, sealing)
        .RetryingInAnyOrder(Topics.IdentityResolutionResolveParkedChangelog, Topics.IdentityResolutionResolveRetries);

    /// <param name="sealing">Seals what becomes a dead letter.</param>
    public static Topology BuildDecide(DecideHandlers handlers, Sealing? sealing = null) => Topology.Named(Decide)
        .WithState(Stores.Members)
        .WithTimers(Topics.IdentityResolutionDecideTimersChangelog)
        .From(Topics.IdentityEvidence, handlers.OnEvidence)
        .OnTimer(DecideHandlers.Unseen, handlers.OnUnseen)
        .To(Topics.IdentityAssignments, Topics.IdentityProfileMerges)
        .DeadLettersTo(Topics.IdentityResolutionDecideDlq, sealing)
        .RetryingInAnyOrder(Topics.IdentityResolutionDecideParkedChangelog, Topics.IdentityResolutionDecideRetries)
        .ViewedIn(MembersView.View);
}
