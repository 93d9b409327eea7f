namespace Commerce.Streaming.Processing.Runtime;

/// <summary>Bounds of a transaction and of the waits around it; see <see cref="ProcessingOptions"/>, where they come from.</summary>
internal sealed record LoopLimits
{
    public required TimeSpan CommitInterval { get; init; }
    public required TimeSpan CommitLinger { get; init; }
    public required int TransactionRecordsMax { get; init; }
    public required long TransactionBytesMax { get; init; }
    public required TimeSpan PollWaitMax { get; init; }
    public required TimeSpan RetryWaitMin { get; init; }
    public required TimeSpan RetryWaitMax { get; init; }
    public required TimeSpan RegistryWaitMax { get; init; }

    /// <summary>Records that are worked out side by side at a time; 1 is one after the other.</summary>
    public int BatchRecordsMax { get; init; } = 1;
}
