using System.Buffers.Binary;

namespace Commerce.Streaming.LocalBroker.Storage.Compaction;

/// <summary>
/// Decides what compaction keeps of each batch: the latest record of every key; of transactions only what was committed;
/// markers as long as something of their transaction is left; tombstones until their time has passed. Records keep their
/// offsets: a batch that loses records keeps its first and last offset.
/// </summary>
internal sealed class BatchCleaner(LatestOffsets latest, AbortedRanges aborted, long lastOffset)
{
    private readonly HashSet<long> _producersWithData = [];

    /// <summary>Set when the segment at hand is old enough for its tombstones to go.</summary>
    public bool DropTombstones { get; set; }

    /// <summary>Returns what is left of the batch: itself, a smaller one, or null.</summary>
    public ReadOnlyMemory<byte>? Clean(ReadOnlyMemory<byte> batch, in BatchHeader header)
    {
        // The last batch of the range stays in some form: a reader that has come so far must find where to go on.
        var isLast = header.LastOffset >= lastOffset;
        if (header.IsControl)
            return _producersWithData.Remove(header.ProducerId) || isLast ? batch : null;
        if (header.IsTransactional && aborted.Covers(header) && !isLast)
            return null;
        if (!BatchBody.TryUnpack(batch, header, out var body))
            return Keep(batch, header);
        var kept = Select(body.Span, header, isLast, out var count);
        if (count == 0)
            return null;
        Keep(batch, header);
        return count == header.RecordCount ? batch : Rebuild(batch.Span, header, kept.WrittenSpan(), count);
    }

    private ReadOnlyMemory<byte> Keep(ReadOnlyMemory<byte> batch, in BatchHeader header)
    {
        if (header.IsTransactional)
            _producersWithData.Add(header.ProducerId);
        return batch;
    }

    private MemoryStream Select(ReadOnlySpan<byte> body, in BatchHeader header, bool isLast, out int count)
    {
        var kept = new MemoryStream(body.Length);
        var reader = new RecordReader(body);
        count = 0;
        while (reader.TryRead(out var record))
        {
            var offset = header.BaseOffset + record.OffsetDelta;
            var stays = !record.HasKey || !(latest.Supersedes(record.Key, offset) || (DropTombstones && !record.HasValue));
            if (!stays && !(isLast && offset == lastOffset))
                continue;
            kept.Write(record.Raw);
            count++;
        }

        return kept;
    }

    private static ReadOnlyMemory<byte> Rebuild(ReadOnlySpan<byte> original, in BatchHeader header, ReadOnlySpan<byte> records, int count)
    {
        var body = BatchBody.Pack(records, header.Codec);
        var batch = new byte[BatchHeader.Size + body.Length];
        original[..BatchHeader.Size].CopyTo(batch);
        body.Span.CopyTo(batch.AsSpan(BatchHeader.Size));
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - BatchHeader.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), count);
        BatchHeader.RenewCrc(batch);
        return batch;
    }
}

internal static class MemoryStreamExtensions
{
    public static ReadOnlySpan<byte> WrittenSpan(this MemoryStream stream) => stream.GetBuffer().AsSpan(0, (int)stream.Length);
}
