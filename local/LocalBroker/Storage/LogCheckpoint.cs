using System.Text;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// The last known good state of a partition: how far its active segment has been verified, and what cannot be read from the
/// files at a glance (producers, transactions). Recovery trusts it and scans only what was written after it.
/// </summary>
internal sealed record LogCheckpoint
{
    private const int FormatVersion = 2;
    private const string FileName = "checkpoint";

    public required long StartOffset { get; init; }

    public required long SegmentBase { get; init; }

    /// <summary>Bytes of that segment which are complete and on disk.</summary>
    public required long Position { get; init; }

    public required long NextOffset { get; init; }

    /// <summary>Offsets below have been through compaction.</summary>
    public required long CompactedTo { get; init; }

    public required IReadOnlyList<ProducerSnapshot> Producers { get; init; }

    public required IReadOnlyList<OpenTransaction> Open { get; init; }

    public required IReadOnlyList<AbortedTransaction> Aborted { get; init; }

    /// <summary>The state as it is, taken under the partition's lock.</summary>
    public static LogCheckpoint Of(LogState state) => new()
    {
        StartOffset = state.StartOffset,
        SegmentBase = state.Segments.Active.BaseOffset,
        Position = state.Segments.Active.Size,
        NextOffset = state.NextOffset,
        CompactedTo = state.CompactedTo,
        Producers = state.Producers.Snapshot(),
        Open = [.. state.Transactions.Open],
        Aborted = [.. state.Transactions.Aborted],
    };

    /// <summary>Replaces the checkpoint file in one step.</summary>
    public void Write(string directory)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(FormatVersion);
        foreach (var number in (ReadOnlySpan<long>)[StartOffset, SegmentBase, Position, NextOffset, CompactedTo])
            writer.Write(number);
        writer.Write(Producers.Count);
        foreach (var producer in Producers)
            producer.Write(writer);
        writer.Write(Open.Count);
        foreach (var open in Open)
            WriteNumbers(writer, open.ProducerId, open.FirstOffset, open.SegmentBase, open.Position);
        writer.Write(Aborted.Count);
        foreach (var aborted in Aborted)
            WriteNumbers(writer, aborted.ProducerId, aborted.FirstOffset, aborted.LastOffset);
        writer.Write(Crc32C.Compute(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        AtomicFile.Write(Path.Combine(directory, FileName), stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Reads the checkpoint of a partition; null when there is none or its bytes are damaged.</summary>
    public static LogCheckpoint? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 8 || BitConverter.ToUInt32(bytes, bytes.Length - 4) != Crc32C.Compute(bytes.AsSpan(0, bytes.Length - 4)))
            return null;
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (reader.ReadInt32() != FormatVersion)
            return null;
        return new LogCheckpoint
        {
            StartOffset = reader.ReadInt64(),
            SegmentBase = reader.ReadInt64(),
            Position = reader.ReadInt64(),
            NextOffset = reader.ReadInt64(),
            CompactedTo = reader.ReadInt64(),
            Producers = ReadList(reader, ProducerSnapshot.Read),
            Open = ReadList(reader, r => new OpenTransaction(r.ReadInt64(), r.ReadInt64(), r.ReadInt64(), r.ReadInt64())),
            Aborted = ReadList(reader, r => new AbortedTransaction(r.ReadInt64(), r.ReadInt64(), r.ReadInt64())),
        };
    }

    private static void WriteNumbers(BinaryWriter writer, params ReadOnlySpan<long> numbers)
    {
        foreach (var number in numbers)
            writer.Write(number);
    }

    private static List<T> ReadList<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var count = reader.ReadInt32();
        var list = new List<T>(count);
        for (var i = 0; i < count; i++)
            list.Add(read(reader));
        return list;
    }
}

/// <summary>An immutable copy of a <see cref="ProducerState"/>.</summary>
internal sealed record ProducerSnapshot(
    long ProducerId, short Epoch, int CoordinatorEpoch, long LastTimestamp, long LastSeen, IReadOnlyList<ProducerBatch> Batches)
{
    public void Write(BinaryWriter writer)
    {
        writer.Write(ProducerId);
        writer.Write(Epoch);
        writer.Write(CoordinatorEpoch);
        writer.Write(LastTimestamp);
        writer.Write(LastSeen);
        writer.Write(Batches.Count);
        foreach (var batch in Batches)
        {
            writer.Write(batch.FirstSequence);
            writer.Write(batch.LastSequence);
            writer.Write(batch.FirstOffset);
            writer.Write(batch.LastOffset);
        }
    }

    public static ProducerSnapshot Read(BinaryReader reader)
    {
        var (id, epoch, coordinatorEpoch) = (reader.ReadInt64(), reader.ReadInt16(), reader.ReadInt32());
        var (lastTimestamp, lastSeen) = (reader.ReadInt64(), reader.ReadInt64());
        var batches = new ProducerBatch[reader.ReadInt32()];
        for (var i = 0; i < batches.Length; i++)
            batches[i] = new ProducerBatch(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64());
        return new ProducerSnapshot(id, epoch, coordinatorEpoch, lastTimestamp, lastSeen, batches);
    }
}
