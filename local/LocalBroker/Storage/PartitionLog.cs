using System.Runtime.InteropServices;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Storage.Compaction;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// The log of one partition as producers and consumers use it. Batches are written through to the file under the
/// partition's lock; their bytes are read outside of it, through leased slices.
/// </summary>
internal sealed class PartitionLog
{
    private readonly LogState _state;

    public PartitionLog(string topic, int partition, string directory, TopicConfig config, TimeProvider clock)
    {
        (Topic, Partition) = (topic, partition);
        _state = LogRecovery.Open(directory, config, clock);
        Upkeep = new LogUpkeep(_state);
        Compactor = new LogCompactor(_state, Upkeep);
    }

    public string Topic { get; }

    public int Partition { get; }

    public LogUpkeep Upkeep { get; }

    public LogCompactor Compactor { get; }

    public LogWaiters Waiters => _state.Waiters;

    public TopicConfig Config
    {
        get => _state.Config;
        set => _state.Config = value;
    }

    public long StartOffset => _state.StartOffset;

    /// <summary>The offset that the next record gets. On one node it is the high watermark too.</summary>
    public long NextOffset => _state.NextOffset;

    public long LastStableOffset
    {
        get
        {
            lock (_state.Sync)
                return _state.StableOffset;
        }
    }

    public long SizeInBytes
    {
        get
        {
            lock (_state.Sync)
                return _state.Segments.Size;
        }
    }

    /// <summary>The broker's clock, in ms since 1970.</summary>
    public long Now => _state.Now;

    /// <summary>
    /// Appends a checked batch: refuses what is out of sequence or fenced, answers a repeated batch with the offset it got
    /// before, gives it its offsets (in place) and writes it through to the file.
    /// </summary>
    public AppendOutcome Append(ReadOnlyMemory<byte> batch, in BatchHeader received)
    {
        var bytes = MemoryMarshal.AsMemory(batch).Span;
        lock (_state.Sync)
        {
            if (_state.IsClosed)
                return AppendOutcome.Refused(ErrorCode.UnknownTopicOrPartition, StartOffset);
            if (received.HasProducer)
            {
                var refusal = _state.Producers.Check(received, out var duplicate);
                if (refusal != ErrorCode.None)
                    return AppendOutcome.Refused(refusal, StartOffset);
                if (duplicate is { } earlier)
                    return new AppendOutcome(ErrorCode.None, earlier.FirstOffset, -1, StartOffset);
            }

            var appendTime = -1L;
            if (Config.UsesLogAppendTime)
            {
                appendTime = _state.Now;
                BatchHeader.SetLogAppendTime(bytes, appendTime);
            }

            BatchHeader.Assign(bytes, NextOffset);
            var header = BatchHeader.Read(bytes);
            if (!TryWrite(bytes, header))
                return AppendOutcome.Refused(ErrorCode.KafkaStorageError, StartOffset);
            return new AppendOutcome(ErrorCode.None, header.BaseOffset, appendTime, StartOffset);
        }
    }

    /// <summary>Ends the producer's transaction in this partition, unless it has none open here (a repeated marker).</summary>
    public void AppendMarker(long producerId, short producerEpoch, bool commit, int coordinatorEpoch)
    {
        lock (_state.Sync)
        {
            if (_state.IsClosed || !_state.Transactions.IsOpen(producerId))
                return;
            var marker = ControlBatch.Marker(producerId, producerEpoch, commit, coordinatorEpoch, _state.Now);
            BatchHeader.Assign(marker, NextOffset);
            if (!TryWrite(marker, BatchHeader.Read(marker)))
                throw new IOException($"The end of a transaction could not be written to {Topic}-{Partition}.");
        }
    }

    /// <summary>
    /// Plans a read: which bytes of which segment hold the records from <paramref name="offset"/> on, at most
    /// <paramref name="maxBytes"/>, but one whole batch at least when <paramref name="atLeastOne"/>.
    /// </summary>
    public ReadPlan PlanRead(long offset, int maxBytes, bool readCommitted, bool atLeastOne)
    {
        lock (_state.Sync)
        {
            var (high, stable, segments) = (NextOffset, _state.StableOffset, _state.Segments);
            var plan = new ReadPlan(ErrorCode.None, high, stable, StartOffset);
            if (_state.IsClosed || offset < StartOffset || offset > high)
                return plan with { Error = _state.IsClosed ? ErrorCode.UnknownTopicOrPartition : ErrorCode.OffsetOutOfRange };
            var end = readCommitted ? stable : high;
            if (offset >= end)
                return plan;
            for (var i = segments.IndexOf(offset); i < segments.Count && segments[i].BaseOffset < end; i++)
            {
                if (!segments[i].TryLocate(offset, out var position, out var first))
                    continue;
                if (first.BaseOffset >= end)
                    return plan;
                var length = Math.Min(maxBytes, LimitOf(segments[i], readCommitted) - position);
                if (length < first.TotalSize)
                    length = atLeastOne ? first.TotalSize : 0;
                var aborted = readCommitted ? _state.Transactions.AbortedBetween(offset, segments.EndOf(i, end)) : null;
                return length == 0 ? plan : plan with { Slice = LogSlice.Of(segments[i], position, (int)length), Aborted = aborted };
            }

            return plan;
        }
    }

    /// <summary>The segments that hold offsets from <paramref name="offset"/> on, leased; the caller releases each.</summary>
    public List<LogSegment> LeaseFrom(long offset)
    {
        lock (_state.Sync)
        {
            var from = _state.Segments.IndexOf(offset);
            return _state.Segments.Lease(from, _state.Segments.Count - from);
        }
    }

    /// <summary>The open transactions and known producers, for the tools that ask.</summary>
    public (IReadOnlyList<ProducerSnapshot> Producers, IReadOnlyList<OpenTransaction> Open) DescribeProducers()
    {
        lock (_state.Sync)
            return (_state.Producers.Snapshot(), [.. _state.Transactions.Open]);
    }

    /// <summary>Closes the files; after a clean close nothing has to be scanned at the next start.</summary>
    public void Close()
    {
        if (Upkeep.IsDirty)
            Upkeep.Checkpoint();
        Abandon();
    }

    /// <summary>Closes the files as they are, because the partition is being deleted.</summary>
    public void Abandon()
    {
        lock (_state.Sync)
        {
            if (_state.IsClosed)
                return;
            _state.IsClosed = true;
            _state.Segments.RetireAll();
        }

        Waiters.WakeAll();
    }

    private bool TryWrite(Span<byte> bytes, in BatchHeader header)
    {
        if (MustRoll(bytes.Length, header))
            _state.Roll();
        var active = _state.Segments.Active;
        var position = active.Size;
        try
        {
            if (position == 0)
                active.FirstAppendTime = _state.Now;
            active.Append(bytes, header);
        }
        catch (IOException)
        {
            // A full disk leaves half a batch behind: it is cut off so that the next one starts at a batch boundary.
            active.Truncate(position);
            return false;
        }

        var stable = _state.StableOffset;
        LogReplay.Apply(bytes, header, new BatchPlace(active.BaseOffset, position), _state);
        _state.NextOffset = header.LastOffset + 1;
        Waiters.Appended(_state.StableOffset > stable);
        return true;
    }

    private bool MustRoll(int length, in BatchHeader header)
    {
        var active = _state.Segments.Active;
        if (active.Size == 0)
            return false;
        var relative = header.LastOffset - active.BaseOffset;
        return active.Size + length > Config.SegmentBytes || relative > int.MaxValue || _state.IsOld(active);
    }

    private long LimitOf(LogSegment segment, bool readCommitted) =>
        readCommitted && _state.Transactions.First is { } first && first.SegmentBase == segment.BaseOffset ? first.Position : segment.Size;
}
