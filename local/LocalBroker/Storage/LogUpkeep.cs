namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>What is done to a log in the background or by an administrator: checkpoints, retention, deletion of records.</summary>
internal sealed class LogUpkeep(LogState state)
{
    /// <summary>Bytes after which a checkpoint is due: what a start after a crash has to read of one partition.</summary>
    private const long CheckpointBytes = 8 * 1024 * 1024;

    /// <summary>Time after which a checkpoint is due for a partition that was written to at all.</summary>
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromMinutes(1);

    private long _checkpointOffset = state.NextOffset;
    private long _checkpointPosition = state.Segments.Active.Size;
    private long _checkpointTime = state.Clock.GetTimestamp();

    /// <summary>Whether anything was written since the last checkpoint.</summary>
    public bool IsDirty
    {
        get
        {
            lock (state.Sync)
                return !state.IsClosed && (state.CheckpointDue || state.NextOffset != _checkpointOffset);
        }
    }

    /// <summary>Writes a checkpoint if a segment was closed, or much or long enough was written since the last one.</summary>
    public void CheckpointIfDue()
    {
        lock (state.Sync)
        {
            var isDue = state.CheckpointDue || state.Segments.Active.Size - _checkpointPosition >= CheckpointBytes
                || (state.NextOffset != _checkpointOffset && state.Clock.GetElapsedTime(_checkpointTime) >= CheckpointInterval);
            if (state.IsClosed || !isDue)
                return;
        }

        Checkpoint();
    }

    /// <summary>Makes what is written so far durable and notes it as known good.</summary>
    public void Checkpoint()
    {
        LogSegment active;
        LogCheckpoint checkpoint;
        lock (state.Sync)
        {
            if (state.IsClosed)
                return;
            active = state.Segments.Active;
            active.Lease();
            active.SaveIndexes();
            checkpoint = LogCheckpoint.Of(state);
            state.CheckpointDue = false;
            (_checkpointOffset, _checkpointPosition, _checkpointTime) = (state.NextOffset, active.Size, state.Clock.GetTimestamp());
        }

        try
        {
            active.Flush();
            checkpoint.Write(state.Directory);
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
        lock (state.Sync)
        {
            if (state.IsClosed)
                return;
            active = state.Segments.Active;
            active.Lease();
        }

        try
        {
            active.Flush();
        }
        finally
        {
            active.Release();
        }
    }

    /// <summary>Moves the start of the log up; whole segments below it are deleted. False when there is no such offset.</summary>
    public bool DeleteRecordsBefore(long offset)
    {
        lock (state.Sync)
        {
            if (offset > state.NextOffset)
                return false;
            if (offset <= state.StartOffset)
                return true;
            state.StartOffset = offset;
            while (state.Segments.Count > 1 && state.Segments[1].BaseOffset <= offset)
                state.Segments.RemoveFirst();
            state.Transactions.TrimBefore(offset);
        }

        Checkpoint();
        return true;
    }

    /// <summary>Deletes old segments as retention.ms and retention.bytes say; a segment with an open transaction stays.</summary>
    public int ApplyRetention()
    {
        var removed = 0;
        lock (state.Sync)
        {
            var config = state.Config;
            if (state.IsClosed || !config.Deletes)
                return 0;
            var expired = config.RetentionMs < 0 ? long.MinValue : state.Now - config.RetentionMs;
            if (state.Segments.Count == 1 && IsExpired(state.Segments.Active, expired) && state.Transactions.First is null)
                state.Roll();
            var size = state.Segments.Size;
            while (state.Segments.Count > 1 && state.Segments[1].BaseOffset <= state.StableOffset)
            {
                var first = state.Segments[0];
                var tooMuch = config.RetentionBytes >= 0 && size - first.Size >= config.RetentionBytes;
                if (!tooMuch && !IsExpired(first, expired))
                    break;
                size -= first.Size;
                state.Segments.RemoveFirst();
                removed++;
            }

            if (removed == 0)
                return 0;
            state.StartOffset = Math.Max(state.StartOffset, state.Segments[0].BaseOffset);
            state.Transactions.TrimBefore(state.StartOffset);
        }

        Checkpoint();
        return removed;
    }

    /// <summary>Forgets producers that have been silent for longer than <paramref name="maxAge"/> and have nothing open.</summary>
    public void ExpireProducers(TimeSpan maxAge)
    {
        lock (state.Sync)
            state.Producers.Expire(state.Now - (long)maxAge.TotalMilliseconds, state.Transactions);
    }

    /// <summary>Starts a new segment when the active one has anything in it and its time has passed.</summary>
    public void RollIfOld()
    {
        lock (state.Sync)
        {
            if (!state.IsClosed && state.Segments.Active.Size > 0 && state.IsOld(state.Segments.Active))
                state.Roll();
        }
    }

    // Records without a time are as old as their file.
    private static bool IsExpired(LogSegment segment, long before) =>
        segment.Size > 0 && (segment.MaxTimestamp >= 0 ? segment.MaxTimestamp : segment.ClosedAt) < before;
}
