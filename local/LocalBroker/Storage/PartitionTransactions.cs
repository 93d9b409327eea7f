namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>A transaction that has records in the partition and no marker yet, with the place of its first record.</summary>
internal readonly record struct OpenTransaction(long ProducerId, long FirstOffset, long SegmentBase, long Position);

/// <summary>A transaction that was aborted: consumers skip the producer's records from its first offset to its marker.</summary>
internal readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset);

/// <summary>Open and aborted transactions of one partition. Used under the partition's lock.</summary>
internal sealed class PartitionTransactions
{
    // A handful at a time: one open transaction per running producer. A list beats a sorted set at that size.
    private readonly List<OpenTransaction> _open = [];
    private List<AbortedTransaction> _aborted = [];

    public IReadOnlyList<OpenTransaction> Open => _open;

    /// <summary>In the order of their markers.</summary>
    public IReadOnlyList<AbortedTransaction> Aborted => _aborted;

    /// <summary>The open transaction that began first; records from there on are not stable.</summary>
    public OpenTransaction? First { get; private set; }

    public bool IsOpen(long producerId) => FirstOffsetOf(producerId) >= 0;

    public long FirstOffsetOf(long producerId)
    {
        foreach (var open in _open)
        {
            if (open.ProducerId == producerId)
                return open.FirstOffset;
        }

        return -1;
    }

    public void Begin(OpenTransaction transaction)
    {
        _open.Add(transaction);
        First ??= transaction;
    }

    /// <summary>Closes the producer's transaction at its marker; without one the marker changes nothing.</summary>
    public void End(long producerId, long markerOffset, bool commit)
    {
        var at = _open.FindIndex(open => open.ProducerId == producerId);
        if (at < 0)
            return;
        if (!commit)
            _aborted.Add(new AbortedTransaction(producerId, _open[at].FirstOffset, markerOffset));
        _open.RemoveAt(at);
        First = _open.Count == 0 ? null : _open.MinBy(open => open.FirstOffset);
    }

    /// <summary>The aborted transactions that overlap the offsets from <paramref name="from"/> up to <paramref name="to"/>.</summary>
    public List<AbortedTransaction> AbortedBetween(long from, long to)
    {
        var found = new List<AbortedTransaction>();
        for (var i = FirstEndingAtOrAfter(from); i < _aborted.Count; i++)
        {
            if (_aborted[i].FirstOffset < to)
                found.Add(_aborted[i]);
        }

        return found;
    }

    /// <summary>Forgets what ended before the log starts.</summary>
    public void TrimBefore(long startOffset)
    {
        var gone = FirstEndingAtOrAfter(startOffset);
        if (gone > 0)
            _aborted.RemoveRange(0, gone);
    }

    /// <summary>Forgets the aborted transactions whose records and marker compaction has removed.</summary>
    public void Forget(IReadOnlySet<AbortedTransaction> compacted) =>
        _aborted = [.. _aborted.Where(aborted => !compacted.Contains(aborted))];

    public void Restore(IEnumerable<OpenTransaction> open, IEnumerable<AbortedTransaction> aborted)
    {
        _open.AddRange(open);
        _aborted.AddRange(aborted);
        First = _open.Count == 0 ? null : _open.MinBy(transaction => transaction.FirstOffset);
    }

    private int FirstEndingAtOrAfter(long offset)
    {
        int low = 0, high = _aborted.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_aborted[middle].LastOffset < offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
