using System.IO.Hashing;

namespace Commerce.Streaming.LocalBroker.Storage.Compaction;

/// <summary>The latest offset of every key in the part of the log that has not been compacted yet; keys by 128-bit hash.</summary>
internal sealed class LatestOffsets
{
    /// <summary>Keys of one pass (some 20 MB); a log with more is compacted in several passes.</summary>
    public const int MaxKeys = 400_000;

    private readonly Dictionary<UInt128, long> _offsets = [];

    public bool IsFull => _offsets.Count >= MaxKeys;

    public void Add(ReadOnlySpan<byte> key, long offset) => _offsets[XxHash128.HashToUInt128(key)] = offset;

    /// <summary>Whether a later record of the same key is known.</summary>
    public bool Supersedes(ReadOnlySpan<byte> key, long offset) =>
        _offsets.TryGetValue(XxHash128.HashToUInt128(key), out var latest) && latest > offset;
}
