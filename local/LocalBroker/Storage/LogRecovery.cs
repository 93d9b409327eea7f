using System.Buffers;
using System.Globalization;
using Commerce.Streaming.LocalBroker.Storage.Compaction;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// Opens the files of a partition. Everything up to the checkpoint is trusted; every batch after it is read and its checksum
/// verified, and the log is cut at the first that is torn or damaged. Without a usable checkpoint all segments are read.
/// </summary>
internal static class LogRecovery
{
    public static LogState Open(string directory, TopicConfig config, TimeProvider clock)
    {
        Directory.CreateDirectory(directory);
        SegmentSwap.Finish(directory);
        var bases = SegmentBases(directory);
        var checkpoint = Trusted(LogCheckpoint.Read(directory), directory, bases);
        var state = new LogState(directory, config, clock);
        var nextOffset = bases[0];
        if (checkpoint is not null)
        {
            state.Producers.Restore(checkpoint.Producers);
            state.Transactions.Restore(checkpoint.Open, checkpoint.Aborted);
        }

        for (var i = 0; i < bases.Count; i++)
        {
            var segment = new LogSegment(directory, bases[i], config.IndexIntervalBytes);
            state.Segments.Add(segment);
            var isLast = i == bases.Count - 1;
            if (checkpoint is not null && bases[i] < checkpoint.SegmentBase)
            {
                segment.OpenClosed();
                continue;
            }

            var from = checkpoint is not null && bases[i] == checkpoint.SegmentBase ? checkpoint.Position : 0;
            nextOffset = from > 0 ? checkpoint!.NextOffset : Math.Max(nextOffset, bases[i]);
            segment.OpenActive(from, nextOffset);
            state.CheckpointDue |= segment.Size > from;
            var intact = Scan(segment, from, ref nextOffset, state);
            if (!isLast && intact)
            {
                segment.Close();
                continue;
            }

            DropAfter(directory, bases, i);
            break;
        }

        state.StartOffset = Math.Max(checkpoint?.StartOffset ?? 0, bases[0]);
        state.NextOffset = Math.Max(nextOffset, state.StartOffset);
        state.CompactedTo = checkpoint?.CompactedTo ?? 0;
        return state;
    }

    private static List<long> SegmentBases(string directory)
    {
        var bases = Directory.EnumerateFiles(directory, "*.log")
            .Select(path => long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture))
            .Order().ToList();
        if (bases.Count == 0)
            bases.Add(LogCheckpoint.Read(directory)?.NextOffset ?? 0);
        return bases;
    }

    // A checkpoint that claims more than the files hold comes from another life of them (a restored copy, a lost disk).
    private static LogCheckpoint? Trusted(LogCheckpoint? checkpoint, string directory, List<long> bases)
    {
        if (checkpoint is null || !bases.Contains(checkpoint.SegmentBase))
            return null;
        var file = new FileInfo(LogSegment.PathOf(directory, checkpoint.SegmentBase, ".log"));
        return (file.Exists ? file.Length : 0) >= checkpoint.Position ? checkpoint : null;
    }

    private static bool Scan(LogSegment segment, long position, ref long nextOffset, LogState state)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (TryReadBatch(segment, position, nextOffset, ref buffer, out var header))
            {
                segment.Index(header, position);
                LogReplay.Apply(buffer.AsSpan(0, header.TotalSize), header, new BatchPlace(segment.BaseOffset, position), state);
                position += header.TotalSize;
                nextOffset = header.LastOffset + 1;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (position == segment.Size)
            return true;
        segment.Truncate(position);
        return false;
    }

    private static bool TryReadBatch(LogSegment segment, long position, long nextOffset, ref byte[] buffer, out BatchHeader header)
    {
        header = default;
        var left = segment.Size - position;
        if (left < BatchHeader.Size || segment.Read(buffer.AsSpan(0, BatchHeader.Size), position) < BatchHeader.Size)
            return false;
        header = BatchHeader.Read(buffer);
        if (header.Magic != BatchHeader.SupportedMagic || header.BaseOffset < nextOffset)
            return false;
        if (header.TotalSize < BatchHeader.Size || header.TotalSize > left)
            return false;
        if (header.TotalSize > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(header.TotalSize);
        }

        var batch = buffer.AsSpan(0, header.TotalSize);
        return segment.Read(batch, position) == batch.Length && BatchHeader.HasValidCrc(batch);
    }

    private static void DropAfter(string directory, List<long> bases, int last)
    {
        for (var i = last + 1; i < bases.Count; i++)
        {
            foreach (var extension in (ReadOnlySpan<string>)[".log", ".index", ".timeindex"])
                File.Delete(LogSegment.PathOf(directory, bases[i], extension));
        }
    }
}
