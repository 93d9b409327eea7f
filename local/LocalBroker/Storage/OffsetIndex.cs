using System.Buffers.Binary;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// Where in a segment file an offset is to be looked for: (offset relative to the segment, position) every few kilobytes,
/// in Kafka's file format, so that its dump tool reads it.
/// </summary>
internal sealed class OffsetIndex(string path) : SparseIndex(path, EntrySize)
{
    public const int EntrySize = 8;

    /// <summary>Notes that a batch which ends at <paramref name="relativeOffset"/> starts at <paramref name="position"/>.</summary>
    public void Add(int relativeOffset, int position)
    {
        var entry = Append();
        BinaryPrimitives.WriteInt32BigEndian(entry, relativeOffset);
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], position);
    }

    /// <summary>A position at or before the batch that holds <paramref name="relativeOffset"/>.</summary>
    public int Floor(long relativeOffset)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        return TryFloor(relativeOffset, entry) ? Int32(entry[4..]) : 0;
    }

    public void LoadUpTo(long position) => LoadForAppend(entry => Int32(entry.Span[4..]) < position);

    protected override long Key(ReadOnlySpan<byte> entry) => Int32(entry);
}
