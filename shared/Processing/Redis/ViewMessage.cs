namespace Commerce.Streaming.Processing.Redis;

/// <summary>What the loop tells the view's writer; taken in order.</summary>
/// <param name="CommitNumber">See <see cref="ViewPartition.CommitNumber"/>.</param>
/// <param name="To">Changelog offset at which the state stands.</param>
internal abstract record ViewMessage(ViewPartition Target, long CommitNumber, long To)
{
    /// <summary>What one commit changed.</summary>
    public sealed record Changed(ViewPartition Target, long CommitNumber, long To, IReadOnlyList<(string Key, object? Value, bool IsNew)> Entries)
        : ViewMessage(Target, CommitNumber, To);

    /// <summary>All of the state.</summary>
    public sealed record Snapshot(ViewPartition Target, long CommitNumber, long To, IReadOnlyList<KeyValuePair<string, object>> Entries)
        : ViewMessage(Target, CommitNumber, To);

    /// <summary>A commit's changes were not handed over, for want of room.</summary>
    public sealed record Missed(ViewPartition Target, long CommitNumber) : ViewMessage(Target, CommitNumber, 0);
}
