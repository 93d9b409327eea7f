using Commerce.Identity;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.IdentityResolution.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.IdentityResolution;

/// <summary>Says who is who.</summary>
public sealed partial class DecideHandlers(IdentityLimits limits, BlockedValues blocked, ILogger<DecideHandlers> logger)
{
    public void OnEvidence(Record<LinkEvidence> record, IProcessingContext context)
    {
        var decision = Deciding.Decide(record.Value, key => context.Get(Stores.Members, key), limits, blocked);
        foreach (var (key, entry) in decision.Entries) context.Put(Stores.Members, key, entry);
        foreach (var assigned in decision.Assigned) context.Send(Topics.IdentityAssignments, Identifier.Key(assigned.Tenant, assigned.Identifier), assigned);
        foreach (var merged in decision.Merged) context.Send(Topics.IdentityProfileMerges, merged.Loser, merged);
        IdentityMetrics.Merged.Add(decision.Merged.Count);
        foreach (var refusal in decision.Refused)
        {
            IdentityMetrics.Refused.Add(1, IdentityMetrics.Reason(refusal));
            EvidenceRefused(refusal, record.Partition, record.Offset);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Evidence refused ({Reason}) at partition {Partition}, offset {Offset}")]
    private partial void EvidenceRefused(Refusal reason, int partition, long offset);
}
