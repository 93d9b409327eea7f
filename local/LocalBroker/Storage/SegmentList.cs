namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>The segments of a partition in order of offsets; the last one is written. Used under the partition's lock.</summary>
internal sealed class SegmentList
{
    private readonly List<LogSegment> _segments = [];

    public int Count => _segments.Count;

    public LogSegment this[int index] => _segments[index];

    public LogSegment Active => _segments[^1];

    public long Size => _segments.Sum(segment => segment.Size);

    public void Add(LogSegment segment) => _segments.Add(segment);

    /// <summary>The index of the segment that holds an offset, or of the one before a gap there.</summary>
    public int IndexOf(long offset)
    {
        var at = _segments.Count - 1;
        while (at > 0 && _segments[at].BaseOffset > offset)
            at--;
        return at;
    }

    /// <summary>The offset at which a segment ends: the next one's start, or <paramref name="end"/> if that comes first.</summary>
    public long EndOf(int index, long end) => index + 1 < _segments.Count ? Math.Min(end, _segments[index + 1].BaseOffset) : end;

    /// <summary>Segments from <paramref name="from"/> on, leased; the caller releases each.</summary>
    public List<LogSegment> Lease(int from, int count)
    {
        var leased = _segments.GetRange(from, count);
        leased.ForEach(segment => segment.Lease());
        return leased;
    }

    /// <summary>Takes the first segment out and deletes its files once nobody reads them.</summary>
    public void RemoveFirst()
    {
        _segments[0].Retire(delete: true);
        _segments.RemoveAt(0);
    }

    /// <summary>Whether these segments are still a run of the list, in this order.</summary>
    public bool Contains(IReadOnlyList<LogSegment> run)
    {
        var at = _segments.IndexOf(run[0]);
        return at >= 0 && at + run.Count <= _segments.Count && _segments.GetRange(at, run.Count).SequenceEqual(run);
    }

    /// <summary>Puts <paramref name="segment"/> in the place of a run, whose files have been dealt with.</summary>
    public void Replace(IReadOnlyList<LogSegment> run, LogSegment segment)
    {
        var at = _segments.IndexOf(run[0]);
        _segments.RemoveRange(at, run.Count);
        _segments.Insert(at, segment);
    }

    public void RetireAll() => _segments.ForEach(segment => segment.Retire(delete: false));
}
