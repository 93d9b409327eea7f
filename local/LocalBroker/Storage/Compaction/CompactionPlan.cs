namespace Commerce.Streaming.LocalBroker.Storage.Compaction;

/// <summary>
/// What a compaction works on: the closed segments without an open transaction, leased, and where the part begins that has
/// not been compacted before.
/// </summary>
internal sealed class CompactionPlan
{
    private readonly long _segmentBytes;

    private CompactionPlan(List<LogSegment> segments, int firstDirty, long end, IReadOnlyList<AbortedTransaction> aborted, long segmentBytes)
    {
        (Segments, FirstDirty, End, Aborted, _segmentBytes) = (segments, firstDirty, end, aborted, segmentBytes);
    }

    public List<LogSegment> Segments { get; }

    public int FirstDirty { get; }

    /// <summary>The offset after the last segment of the plan.</summary>
    public long End { get; }

    public IReadOnlyList<AbortedTransaction> Aborted { get; }

    /// <summary>A plan, if the topic is compacted and enough has come since the last time.</summary>
    public static CompactionPlan? For(LogState state)
    {
        lock (state.Sync)
        {
            if (state.IsClosed || !state.Config.Compacts)
                return null;
            var segments = state.Segments;
            var closed = 0;
            var youngest = state.Now - state.Config.MinCompactionLagMs;
            while (closed < segments.Count - 1 && segments[closed + 1].BaseOffset <= state.StableOffset
                && (state.Config.MinCompactionLagMs == 0 || segments[closed].MaxTimestamp <= youngest))
                closed++;
            var firstDirty = 0;
            while (firstDirty < closed && segments[firstDirty].BaseOffset < state.CompactedTo)
                firstDirty++;
            if (firstDirty == closed || !IsDue(state, firstDirty, closed))
                return null;
            IReadOnlyList<AbortedTransaction> aborted = [.. state.Transactions.Aborted];
            return new CompactionPlan(segments.Lease(0, closed), firstDirty, segments[closed].BaseOffset, aborted, state.Config.SegmentBytes);
        }
    }

    /// <summary>The segments from <paramref name="from"/> on that together fit into one.</summary>
    public List<LogSegment> RunFrom(int from, int limit)
    {
        var run = new List<LogSegment> { Segments[from] };
        var size = Segments[from].Size;
        for (var i = from + 1; i < limit; i++)
        {
            size += Segments[i].Size;
            var next = i + 1 < Segments.Count ? Segments[i + 1].BaseOffset : End;
            if (size > _segmentBytes || next - Segments[from].BaseOffset > int.MaxValue)
                break;
            run.Add(Segments[i]);
        }

        return run;
    }

    public void Release() => Segments.ForEach(segment => segment.Release());

    private static bool IsDue(LogState state, int firstDirty, int closed)
    {
        long clean = 0, dirty = 0;
        for (var i = 0; i < closed; i++)
        {
            if (i < firstDirty)
                clean += state.Segments[i].Size;
            else
                dirty += state.Segments[i].Size;
        }

        if (dirty == 0)
            return false;
        var oldest = state.Segments[firstDirty].FirstAppendTime;
        var overdue = oldest >= 0 && state.Now - oldest > state.Config.MaxCompactionLagMs;
        return overdue || dirty >= state.Config.MinCleanableDirtyRatio * (clean + dirty);
    }
}
