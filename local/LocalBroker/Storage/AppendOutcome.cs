using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>What became of a batch: its first offset, or why it was refused.</summary>
internal readonly record struct AppendOutcome(ErrorCode Error, long BaseOffset, long LogAppendTime, long StartOffset)
{
    public static AppendOutcome Refused(ErrorCode error, long startOffset = -1) => new(error, -1, -1, startOffset);
}

/// <summary>What a fetch of one partition may read now. Whoever takes the slice disposes it.</summary>
internal readonly record struct ReadPlan(ErrorCode Error, long HighWatermark, long StableOffset, long StartOffset)
{
    public LogSlice? Slice { get; init; }

    public IReadOnlyList<AbortedTransaction>? Aborted { get; init; }
}

/// <summary>Where a batch lies: the base offset of its segment and the position in the file.</summary>
internal readonly record struct BatchPlace(long SegmentBase, long Position);
