using System.Buffers.Binary;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// The largest record time seen up to an offset: (time in ms, relative offset), both ascending, in Kafka's file format.
/// </summary>
internal sealed class TimeIndex(string path) : SparseIndex(path, EntrySize)
{
    public const int EntrySize = 12;

    private long _lastTimestamp = long.MinValue;

    /// <summary>Adds an entry unless it would not be later than the last one.</summary>
    public void Add(long timestamp, int relativeOffset)
    {
        if (timestamp <= _lastTimestamp)
            return;
        _lastTimestamp = timestamp;
        var entry = Append();
        BinaryPrimitives.WriteInt64BigEndian(entry, timestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[8..], relativeOffset);
    }

    /// <summary>A relative offset from which a search for the first record at or after <paramref name="timestamp"/> may start.</summary>
    public int FloorBefore(long timestamp)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        return TryFloor(timestamp - 1, entry) ? Int32(entry[8..]) : 0;
    }

    public bool TryLast(out long timestamp, out int relativeOffset)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        var found = TryLast(entry);
        timestamp = found ? Int64(entry) : -1;
        relativeOffset = found ? Int32(entry[8..]) : 0;
        return found;
    }

    public void LoadUpTo(long relativeOffset)
    {
        LoadForAppend(entry => Int32(entry.Span[8..]) < relativeOffset);
        _lastTimestamp = TryLast(out var timestamp, out _) ? timestamp : long.MinValue;
    }

    protected override long Key(ReadOnlySpan<byte> entry) => Int64(entry);
}
