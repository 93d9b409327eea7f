using System.Runtime.InteropServices;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// The log of one partition: segments on disk, what is known of its producers and transactions, and who waits for it.
/// One lock guards all of it; nothing under the lock awaits. File bytes are read outside, through leased slices.
/// </summary>
internal sealed class PartitionLog
{
    private readonly Lock _sync = new();
    private readonly TimeProvider _clock;
    private readonly List<LogSegment> _segments;
    private readonly ProducerTable _producers;
    private readonly PartitionTransactions _transactions;
    private long _startOffset;
    private long _nextOffset;
    private long _compactedTo;
    private bool _checkpointDue;
    private long _checkpointed;
    private bool _closed;

    public PartitionLog(string topic, int partition, string directory, TopicConfig config, TimeProvider clock)
    {
        (Topic, Partition, Directory, Config, _clock) = (topic, partition, directory, config, clock);
        var state = LogRecovery.Open(directory, config);
        _segments = state.Segments;
        _producers = state.Producers;
        _transactions = state.Transactions;
        (_startOffset, _nextOffset, _compactedTo) = (state.StartOffset, state.NextOffset, state.CompactedTo);
        _checkpointDue = state.Scanned;
        _checkpointed = _nextOffset;
    }

    public string Topic { get; }

    public int Partition { get; }

    public string Directory { get; }

    /// <summary>The settings in force; an alteration replaces the record.</summary>
    public TopicConfig Config { get; set; }

    public LogWaiters Waiters { get; } = new();

    public long StartOffset => Volatile.Read(ref _startOffset);

    /// <summary>The offset that the next record gets. On one node it is the high watermark too.</summary>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    public long LastStableOffset
    {
        get
        {
            lock (_sync)
                return StableOffset;
        }
    }

    public long SizeInBytes
    {
        get
        {
            lock (_sync)
                return _segments.Sum(segment => segment.Size);
        }
    }

    private LogSegment Active => _segments[^1];

    private long StableOffset => _transactions.First?.FirstOffset ?? _nextOffset;

    /// <summary>
    /// Appends a checked batch: refuses what is out of sequence or fenced, answers a repeated batch with the offset it got
    /// before, gives it its offsets (in place) and writes it through to the file.
    /// </summary>
    public AppendOutcome Append(ReadOnlyMemory<byte> batch, in BatchHeader received)
    {
        var bytes = MemoryMarshal.AsMemory(batch).Span;
        lock (_sync)
        {
            if (_closed)
                return AppendOutcome.Refused(ErrorCode.UnknownTopicOrPartition, _startOffset);
            if (received.HasProducer)
            {
                var refusal = _producers.Check(received, out var duplicate);
                if (refusal != ErrorCode.None)
                    return AppendOutcome.Refused(refusal, _startOffset);
                if (duplicate is { } earlier)
                    return new AppendOutcome(ErrorCode.None, earlier.FirstOffset, -1, _startOffset);
            }

            var appendTime = -1L;
            if (Config.UsesLogAppendTime)
            {
                appendTime = _clock.GetUtcNow().ToUnixTimeMilliseconds();
                BatchHeader.SetLogAppendTime(bytes, appendTime);
            }

            BatchHeader.Assign(bytes, _nextOffset);
            var header = BatchHeader.Read(bytes);
            if (!TryWrite(bytes, header))
                return AppendOutcome.Refused(ErrorCode.KafkaStorageError, _startOffset);
            return new AppendOutcome(ErrorCode.None, header.BaseOffset, appendTime, _startOffset);
        }
    }

    /// <summary>Ends the producer's transaction in this partition, unless it has none open here (a repeated marker).</summary>
    public void AppendMarker(long producerId, short producerEpoch, bool commit, int coordinatorEpoch)
    {
        lock (_sync)
        {
            if (_closed || !_transactions.IsOpen(producerId))
                return;
            var timestamp = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            var marker = ControlBatch.Marker(producerId, producerEpoch, commit, coordinatorEpoch, timestamp);
            BatchHeader.Assign(marker, _nextOffset);
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
        lock (_sync)
        {
            var (high, stable) = (_nextOffset, StableOffset);
            if (_closed || offset < _startOffset || offset > high)
                return new ReadPlan(_closed ? ErrorCode.UnknownTopicOrPartition : ErrorCode.OffsetOutOfRange, high, stable, _startOffset);
            var plan = new ReadPlan(ErrorCode.None, high, stable, _startOffset);
            var end = readCommitted ? stable : high;
            if (offset >= end)
                return plan;
            for (var i = SegmentOf(offset); i < _segments.Count; i++)
            {
                if (_segments[i].BaseOffset >= end || !_segments[i].TryLocate(offset, out var position, out var first))
                    continue;
                if (first.BaseOffset >= end)
                    return plan;
                var length = Math.Min(maxBytes, LimitOf(_segments[i], readCommitted) - position);
                if (length < first.TotalSize)
                    length = atLeastOne ? first.TotalSize : 0;
                var aborted = readCommitted ? _transactions.AbortedBetween(offset, EndOf(i, end)) : null;
                return length == 0 ? plan : plan with { Slice = Slice(_segments[i], position, (int)length), Aborted = aborted };
            }

            return plan;
        }
    }

    /// <summary>The segments that hold offsets from <paramref name="offset"/> on, leased; the caller releases each.</summary>
    public List<LogSegment> LeaseFrom(long offset)
    {
        lock (_sync)
        {
            var leased = _segments.GetRange(SegmentOf(offset), _segments.Count - SegmentOf(offset));
            leased.ForEach(segment => segment.Lease());
            return leased;
        }
    }

    /// <summary>The open transactions and known producers, for the tools that ask.</summary>
    public (IReadOnlyList<ProducerSnapshot> Producers, IReadOnlyList<OpenTransaction> Open) DescribeProducers()
    {
        lock (_sync)
            return (_producers.Snapshot(), [.. _transactions.Open]);
    }

    /// <summary>Moves the start of the log up; whole segments below it are deleted.</summary>
    public bool DeleteRecordsBefore(long offset)
    {
        lock (_sync)
        {
            if (offset > _nextOffset)
                return false;
            if (offset <= _startOffset)
                return true;
            Volatile.Write(ref _startOffset, offset);
            while (_segments.Count > 1 && _segments[1].BaseOffset <= offset)
                RemoveFirst();
            _transactions.TrimBefore(_startOffset);
        }

        Checkpoint();
        return true;
    }

    /// <summary>Deletes old segments as retention.ms and retention.bytes say; a segment with an open transaction stays.</summary>
    public int ApplyRetention()
    {
        var removed = 0;
        lock (_sync)
        {
            if (_closed || !Config.Deletes)
                return 0;
            var expired = Config.RetentionMs < 0 ? long.MinValue : _clock.GetUtcNow().ToUnixTimeMilliseconds() - Config.RetentionMs;
            if (_segments.Count == 1 && Active.Size > 0 && IsExpired(Active, expired) && _transactions.First is null)
                Roll();
            var size = _segments.Sum(segment => segment.Size);
            while (_segments.Count > 1 && _segments[1].BaseOffset <= StableOffset)
            {
                var tooMuch = Config.RetentionBytes >= 0 && size - _segments[0].Size >= Config.RetentionBytes;
                if (!tooMuch && !IsExpired(_segments[0], expired))
                    break;
                size -= _segments[0].Size;
                RemoveFirst();
                removed++;
            }

            if (removed == 0)
                return 0;
            Volatile.Write(ref _startOffset, Math.Max(_startOffset, _segments[0].BaseOffset));
            _transactions.TrimBefore(_startOffset);
        }

        Checkpoint();
        return removed;
    }

    /// <summary>Forgets producers that have been silent for longer than <paramref name="maxAge"/> and have nothing open.</summary>
    public void ExpireProducers(TimeSpan maxAge)
    {
        var before = (_clock.GetUtcNow() - maxAge).ToUnixTimeMilliseconds();
        lock (_sync)
            _producers.Expire(before, _transactions);
    }

    /// <summary>Starts a new segment when the active one has anything in it and segment.ms has passed.</summary>
    public void RollIfOld()
    {
        lock (_sync)
        {
            if (!_closed && Active.Size > 0 && IsOld(Active))
                Roll();
        }
    }

    /// <summary>Whether a checkpoint is worth writing: a segment was closed or enough records came since the last one.</summary>
    public bool NeedsCheckpoint
    {
        get
        {
            lock (_sync)
                return !_closed && (_checkpointDue || _nextOffset != _checkpointed);
        }
    }

    /// <summary>Makes what is written so far durable and notes it as known good.</summary>
    public void Checkpoint()
    {
        LogSegment active;
        LogCheckpoint checkpoint;
        lock (_sync)
        {
            if (_closed)
                return;
            active = Active;
            active.Lease();
            active.SaveIndexes();
            checkpoint = Capture();
            _checkpointDue = false;
            _checkpointed = _nextOffset;
        }

        try
        {
            active.Flush();
            checkpoint.Write(Directory);
        }
        finally
        {
            active.Release();
        }
    }

    /// <summary>Forces the active segment to the device.</summary>
    public void Flush()
    {
        LogSegment active;
        lock (_sync)
        {
            if (_closed)
                return;
            active = Active;
            active.Lease();
        }

        active.Flush();
        active.Release();
    }

    /// <summary>Closes the files; after a clean close nothing has to be scanned at the next start.</summary>
    public void Close()
    {
        if (NeedsCheckpoint)
            Checkpoint();
        Abandon();
    }

    /// <summary>Closes the files of a partition that is being deleted.</summary>
    public void Abandon()
    {
        lock (_sync)
        {
            if (_closed)
                return;
            _closed = true;
            _segments.ForEach(segment => segment.Retire(delete: false));
        }

        Waiters.WakeAll();
    }

    private bool TryWrite(Span<byte> bytes, in BatchHeader header)
    {
        if (MustRoll(bytes.Length, header))
            Roll();
        var position = Active.Size;
        try
        {
            if (position == 0)
                Active.FirstAppendTime = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            Active.Append(bytes, header);
        }
        catch (IOException)
        {
            // A full disk leaves half a batch behind: it is cut off so that the next one starts at a batch boundary.
            Active.Truncate(position);
            return false;
        }

        var stable = StableOffset;
        LogReplay.Apply(bytes, header, new BatchPlace(Active.BaseOffset, position), _producers, _transactions);
        Volatile.Write(ref _nextOffset, header.LastOffset + 1);
        Waiters.Appended(StableOffset > stable);
        return true;
    }

    private bool MustRoll(int length, in BatchHeader header)
    {
        if (Active.Size == 0)
            return false;
        var relative = header.LastOffset - Active.BaseOffset;
        return Active.Size + length > Config.SegmentBytes || relative > int.MaxValue || IsOld(Active);
    }

    private bool IsOld(LogSegment segment) =>
        segment.FirstAppendTime >= 0
        && _clock.GetUtcNow().ToUnixTimeMilliseconds() - segment.FirstAppendTime > Config.SegmentMs;

    private static bool IsExpired(LogSegment segment, long before) => segment.MaxTimestamp < before && before != long.MinValue;

    private void Roll()
    {
        Active.Close();
        var segment = new LogSegment(Directory, _nextOffset, Config.IndexIntervalBytes);
        segment.OpenActive(0, _nextOffset);
        _segments.Add(segment);
        _checkpointDue = true;
    }

    private void RemoveFirst()
    {
        _segments[0].Retire(delete: true);
        _segments.RemoveAt(0);
    }

    private LogCheckpoint Capture() => new()
    {
        StartOffset = _startOffset,
        SegmentBase = Active.BaseOffset,
        Position = Active.Size,
        NextOffset = _nextOffset,
        CompactedTo = _compactedTo,
        Producers = _producers.Snapshot(),
        Open = [.. _transactions.Open],
        Aborted = [.. _transactions.Aborted],
    };

    private int SegmentOf(long offset)
    {
        var at = CollectionsMarshal.AsSpan(_segments).Length - 1;
        while (at > 0 && _segments[at].BaseOffset > offset)
            at--;
        return at;
    }

    private long LimitOf(LogSegment segment, bool readCommitted) =>
        readCommitted && _transactions.First is { } first && first.SegmentBase == segment.BaseOffset ? first.Position : segment.Size;

    private long EndOf(int segment, long end) =>
        segment + 1 < _segments.Count ? Math.Min(end, _segments[segment + 1].BaseOffset) : end;

    private static LogSlice Slice(LogSegment segment, long position, int length)
    {
        segment.Lease();
        return new LogSlice(segment, position, length);
    }
}
