using Commerce.Collection;
using Commerce.Identity;

namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>A profile identified itself.</summary>
internal sealed record IdentityStatement(string ProfileId, string Platform, string? UserId, DateTimeOffset SeenAt) : Statement
{
    /// <summary>Null for events that identify nobody.</summary>
    public static IdentityStatement? Of(ResolvedEvent resolved) =>
        resolved.Event is { Kind: EventKind.IDENTIFY } identify
            ? new IdentityStatement(resolved.ProfileId, identify.Source.Platform, identify.UserId, identify.Timestamp)
            : null;

    public override void AddTo(BatchRows rows)
    {
        rows.Touch(ProfileId, Platform, UserId, SeenAt);
        if (UserId is null)
            rows.Identify(ProfileId, Platform, userId: "", SeenAt);
    }
}

/// <summary>Two profiles turned out to be one person.</summary>
internal sealed record MergeStatement : Statement
{
    /// <exception cref="ContractException">It merges a profile into itself.</exception>
    public MergeStatement(ProfileMerged record) =>
        Record = record.Loser != record.Winner ? record : throw new ContractException("a profile cannot be merged into itself");

    public ProfileMerged Record { get; }

    public override void AddTo(BatchRows rows) => rows.Merges.KeepGreatest(Record.Loser, this, merge => merge.Record.Version);
}
