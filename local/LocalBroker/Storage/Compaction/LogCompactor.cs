namespace Commerce.Streaming.LocalBroker.Storage.Compaction;

/// <summary>
/// Compacts a log in the background: finds the latest offset of every key in the segments that came since the last time,
/// then rewrites all closed segments up to there without what was superseded. Writers and readers go on meanwhile.
/// </summary>
internal sealed class LogCompactor(LogState state, LogUpkeep upkeep)
{
    /// <summary>Compacts once if the topic's settings ask for it now. Returns whether anything was rewritten.</summary>
    public bool CompactIfDue(CancellationToken stopping)
    {
        if (CompactionPlan.For(state) is not { } plan)
            return false;
        try
        {
            var latest = MapDirtyPart(plan, out var mapped, stopping);
            if (mapped == 0)
                return false;
            Rewrite(plan, latest, mapped, stopping);
        }
        finally
        {
            plan.Release();
        }

        upkeep.Checkpoint();
        return true;
    }

    private static LatestOffsets MapDirtyPart(CompactionPlan plan, out int mapped, CancellationToken stopping)
    {
        var latest = new LatestOffsets();
        var aborted = new AbortedRanges(plan.Aborted);
        mapped = plan.FirstDirty;
        while (mapped < plan.Segments.Count && !latest.IsFull)
        {
            var reader = new SegmentReader(plan.Segments[mapped++]);
            while (reader.TryRead(out var batch, out var header))
            {
                stopping.ThrowIfCancellationRequested();
                if (header.IsControl || (header.IsTransactional && aborted.Covers(header)) || !BatchBody.TryUnpack(batch, header, out var body))
                    continue;
                var records = new RecordReader(body.Span);
                while (records.TryRead(out var record))
                {
                    if (record.HasKey)
                        latest.Add(record.Key, header.BaseOffset + record.OffsetDelta);
                }
            }
        }

        return latest;
    }

    private void Rewrite(CompactionPlan plan, LatestOffsets latest, int count, CancellationToken stopping)
    {
        var end = count < plan.Segments.Count ? plan.Segments[count].BaseOffset : plan.End;
        var cleaner = new BatchCleaner(latest, new AbortedRanges(plan.Aborted), end - 1);
        for (var from = 0; from < count;)
        {
            var run = plan.RunFrom(from, count);
            var to = from + run.Count < plan.Segments.Count ? plan.Segments[from + run.Count].BaseOffset : plan.End;
            Clean(run, cleaner, stopping);
            if (!TrySwap(run, to))
                return;
            from += run.Count;
        }

        lock (state.Sync)
        {
            state.CompactedTo = end;
            state.Transactions.Forget(plan.Aborted.Where(aborted => aborted.LastOffset < end - 1).ToHashSet());
            state.CheckpointDue = true;
        }
    }

    private void Clean(List<LogSegment> run, BatchCleaner cleaner, CancellationToken stopping)
    {
        var path = SegmentSwap.CleanedPath(state.Directory, run[0].BaseOffset);
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        long position = 0;
        foreach (var segment in run)
        {
            cleaner.DropTombstones = state.Now - segment.ClosedAt > state.Config.DeleteRetentionMs;
            var reader = new SegmentReader(segment);
            while (reader.TryRead(out var batch, out var header))
            {
                stopping.ThrowIfCancellationRequested();
                if (cleaner.Clean(batch, header) is not { } kept)
                    continue;
                RandomAccess.Write(file, kept.Span, position);
                position += kept.Length;
            }
        }

        RandomAccess.FlushToDisk(file);
        File.SetLastWriteTimeUtc(file, run.Max(segment => segment.LastWritten));
    }

    // Retention or an administrator may have removed a segment meanwhile; then the work is thrown away.
    private bool TrySwap(List<LogSegment> run, long to)
    {
        lock (state.Sync)
        {
            if (state.IsClosed || !state.Segments.Contains(run))
            {
                File.Delete(SegmentSwap.CleanedPath(state.Directory, run[0].BaseOffset));
                return false;
            }

            SegmentSwap.Commit(state.Directory, run[0].BaseOffset, to);
            var compacted = new LogSegment(state.Directory, run[0].BaseOffset, state.Config.IndexIntervalBytes);
            compacted.OpenClosed();
            state.Segments.Replace(run, compacted);
            run.ForEach(segment => segment.Retire(delete: false));
            return true;
        }
    }
}
