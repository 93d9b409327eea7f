namespace Commerce.Streaming.Processing.Testing;

/// <summary>One thing that a transaction did, in the order in which the runtime does it.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>A record produced.</summary>
    public sealed record Sent(string Topic, string Key) : Effect;

    /// <summary>A state value written to its changelog; the last one per key and transaction.</summary>
    public sealed record StateWritten(string Store, string Key, bool Deleted) : Effect;

    /// <summary>Offsets committed: always last.</summary>
    public sealed record OffsetCommitted(string Topic, int Partition, long Next) : Effect;
}
