using Commerce.Identity;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.IdentityResolution.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.IdentityResolution;

/// <summary>Says who is who.</summary>
public sealed partial class DecideHandlers(IdentityLimits limits, BlockedValues blocked, ILogger<DecideHandlers> logger)
{
    /// <summary>An anonymous id was not seen for long; key of its entry in the graph.</summary>
    public static readonly TopologyTimer Unseen = TopologyTimer.InProcessingTime("unseen");

    public void OnEvidence(Record<LinkEvidence> record, IProcessingContext context)
    {
        var decision = Deciding.Decide(record.Value, key => context.Get(Stores.Members, key), limits, blocked);
        foreach (var (key, entry) in decision.Entries) context.Put(Stores.Members, key, entry);
        foreach (var assigned in decision.Assigned) context.Send(Topics.IdentityAssignments, Identifier.Key(assigned.Tenant, assigned.Identifier), assigned);
        SeenNow(record.Value, context);
        foreach (var merged in decision.Merged) context.Send(Topics.IdentityProfileMerges, merged.Loser, merged);
        IdentityMetrics.Merged.Add(decision.Merged.Count);
        foreach (var refusal in decision.Refused)
        {
            IdentityMetrics.Refused.Add(1, IdentityMetrics.Reason(refusal));
            EvidenceRefused(refusal, record.Partition, record.Offset);
        }
    }

    public void OnUnseen(DueTimer timer, IProcessingContext context)
    {
        var forgotten = Deciding.Forget(timer.Key, key => context.Get(Stores.Members, key));
        foreach (var (key, entry) in forgotten.Entries)
        {
            if (entry is null) context.Delete(Stores.Members, key);
            else context.Put(Stores.Members, key, entry);
        }

        if (forgotten.IsForgotten)
        {
            context.SendDeletion(Topics.IdentityAssignments, timer.Key);
            IdentityMetrics.Forgotten.Add(1);
        }
        else if (forgotten.NamesItsProfile)
        {
            context.Schedule(Unseen, timer.Key, context.Now + limits.AnonymousIdsKept);
        }
    }

    private void SeenNow(LinkEvidence evidence, IProcessingContext context)
    {
        foreach (var identifier in evidence.Identifiers.Where(identifier => IdentifierRules.KindOf(identifier) == IdentifierKind.Anonymous))
        {
            var key = Identifier.Key(evidence.Tenant, identifier);
            if (context.Get(Stores.Members, key) is not null) context.Schedule(Unseen, key, context.Now + limits.AnonymousIdsKept);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Evidence refused ({Reason}) at partition {Partition}, offset {Offset}")]
    private partial void EvidenceRefused(Refusal reason, int partition, long offset);
}
