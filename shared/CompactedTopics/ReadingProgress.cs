namespace Commerce.Streaming.CompactedTopics;

/// <summary>
/// Knows how far a topic is read and when that was last seen to be enough. Written by the reader's thread, read by health checks.
/// </summary>
internal sealed class ReadingProgress(TimeProvider clock, CompactedTopicOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, long> _next = [];
    private readonly Dictionary<int, long> _ends = [];
    private long _askedAt;
    private long _answeredAt;
    private long _current;
    private long _moved = clock.GetTimestamp();
    private bool _hasCaughtUp;

    /// <summary>Whether everything that was there at the start has been read.</summary>
    public bool HasCaughtUp
    {
        get
        {
            lock (_lock)
                return _hasCaughtUp;
        }
    }

    /// <summary>Kafka said where the partitions end.</summary>
    public void Ends(IReadOnlyDictionary<int, long> ends)
    {
        lock (_lock)
        {
            // Ends that have not been reached yet stay the goal: on a busy topic a newer one would never be.
            if (_ends.Count > 0 && !Reached())
            {
                _answeredAt = clock.GetTimestamp();
                return;
            }

            _askedAt = _answeredAt = clock.GetTimestamp();
            foreach (var (partition, end) in ends)
                _ends[partition] = end;
            Look();
        }
    }

    /// <summary>The partition is read up to before <paramref name="next"/>.</summary>
    public void Read(int partition, long next)
    {
        lock (_lock)
        {
            if (_next.TryGetValue(partition, out var known) && known >= next)
                return;
            _next[partition] = next;
            _moved = clock.GetTimestamp();
            Look();
        }
    }

    /// <summary>How many partitions are not read to where they ended.</summary>
    public int Behind
    {
        get
        {
            lock (_lock)
                return _ends.Count(end => _next.GetValueOrDefault(end.Key) < end.Value);
        }
    }

    /// <summary>How old the view may be; null while it has never been complete.</summary>
    public TimeSpan? Age
    {
        get
        {
            lock (_lock)
                return _hasCaughtUp ? clock.GetElapsedTime(_current) : null;
        }
    }

    /// <summary>Whether the view has been complete and is older now than it may be.</summary>
    public bool IsStale => Age is { } age && age.TotalSeconds > options.StaleSecondsMax;

    /// <summary>Whether there is more, Kafka answers, and nothing comes.</summary>
    public bool IsStuck
    {
        get
        {
            lock (_lock)
            {
                return _ends.Count > 0 && !Reached()
                    && clock.GetElapsedTime(_answeredAt).TotalSeconds <= options.StaleSecondsMax
                    && clock.GetElapsedTime(_moved).TotalSeconds > options.StuckSecondsMax
                    && clock.GetElapsedTime(_askedAt).TotalSeconds > options.StuckSecondsMax;
            }
        }
    }

    private void Look()
    {
        if (!Reached())
            return;
        // Complete as of the moment when Kafka was asked, not as of now.
        _current = _askedAt;
        _hasCaughtUp = true;
    }

    private bool Reached() => _ends.Count > 0 && _ends.All(end => _next.GetValueOrDefault(end.Key) >= end.Value);
}
