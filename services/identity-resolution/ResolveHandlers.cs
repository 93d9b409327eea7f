using Commerce.Collection;
using Commerce.Consent;
using Commerce.Identity;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.IdentityResolution.Adapters;
using Commerce.Streaming.IdentityResolution.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.IdentityResolution;

/// <summary>Gives each event its profile.</summary>
public sealed class ResolveHandlers(BlockedValues blocked, DeduplicationLimits deduplication, IdentityLimits limits)
{
    public void OnCollected(Record<CollectedEvent> record, IProcessingContext context)
    {
        var collected = record.Value;
        if (Deduplication.IsRepeated(new SeenMessages(context), collected, deduplication))
        {
            IdentityMetrics.Deduplicated.Add(1, IdentityMetrics.Source(collected.Source.Id));
            return;
        }
        var identifiers = IdentifierRules.Of(collected, blocked);
        if (identifiers.Count == 0) identifiers = [IdentifierRules.Nobody(collected)];
        var key = IdentityGraph.Key(collected.Source.Tenant, identifiers[0]);
        var resolved = Resolution.Resolve(collected, identifiers, context.Get(Stores.Links, key), limits, context.Now);
        if (resolved.Links is not null) context.Put(Stores.Links, key, resolved.Links);
        Send(resolved, context);
        IdentityMetrics.Resolved.Add(1, IdentityMetrics.Source(collected.Source.Id));
    }

    /// <summary>A decision is keyed by tenant and identifier, as the subject's events are: what is known of them is at hand.</summary>
    public void OnConsent(Record<ConsentDecided> record, IProcessingContext context)
    {
        var decided = record.Value;
        var links = context.Get(Stores.Links, IdentityGraph.Key(decided.Tenant, decided.Subject));
        var resolved = Resolution.Consent(decided, links, record.Timestamp);
        context.Send(Topics.IdentityResolvedEvents, resolved.ProfileId, resolved);
    }

    /// <summary>A forgotten decision changes nothing: it neither allows nor forbids.</summary>
    public static void OnConsentDeleted(DeletedRecord record, IProcessingContext context)
    {
    }

    public void OnAssigned(Record<IdentifierAssigned> record, IProcessingContext context)
    {
        var key = IdentityGraph.Key(record.Value.Tenant, record.Value.Identifier);
        if (Resolution.Assign(context.Get(Stores.Links, key), record.Value, context.Now) is { } links) context.Put(Stores.Links, key, links);
    }

    /// <summary>The identifier is forgotten: from now on it is alone, and what is seen with it is new.</summary>
    public static void OnForgotten(DeletedRecord record, IProcessingContext context) => context.Delete(Stores.Links, record.Key);

    private static void Send(Resolved resolved, IProcessingContext context)
    {
        context.Send(Topics.IdentityResolvedEvents, resolved.Event.ProfileId, resolved.Event);
        if (resolved.Evidence is { } evidence)
        {
            context.Send(Topics.IdentityEvidence, evidence.Tenant, evidence);
            IdentityMetrics.Evidence.Add(1);
        }
        var platform = resolved.Event.Event.Source.Platform;
        if (resolved.Completed is { } completed)
            context.Send(Topics.OrdersCompleted, $"{platform}/{completed.Order.OrderId}", completed);
        if (resolved.Refunded is { } refunded)
            context.Send(Topics.OrdersRefunded, $"{platform}/{refunded.Refund.OrderId ?? refunded.Refund.RefundId}", refunded);
    }
}
