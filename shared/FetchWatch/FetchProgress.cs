using Confluent.Kafka;

namespace Commerce.Streaming.FetchWatch;

/// <summary>
/// Tells a consumer that is slow from one that is no longer given what Kafka has. A client may lose a partition from its fetches for good
/// (librdkafka has had such faults), and then nothing shows it: polls come back empty, heartbeats go on, and the end that the client
/// remembers, from which lag is computed, stands still as well. Only what Kafka says on another connection can.
/// <para>
/// A partition is stalled when Kafka has answered without a break for <paramref name="stalledAfter"/> that it holds more, nothing of it was
/// delivered meanwhile, and the consumer had nothing else to deliver either: between any two answers a poll came back empty. Needs a consumer with
/// <c>enable.partition.eof</c>: trailing transaction markers are not delivered, but the end behind them is.
/// </para>
/// Written by the consumer's thread and by whoever asks Kafka.
/// </summary>
public sealed class FetchProgress(TimeProvider clock, TimeSpan stalledAfter)
{
    /// <summary>Nothing heard of the partition yet, not even that it is at its end.</summary>
    private const long Unknown = -1;

    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, Entry> _entries = [];
    private volatile TopicPartition? _stalled;

    /// <summary>A partition that is no longer delivered; null while there is none.</summary>
    public TopicPartition? Stalled => _stalled;

    /// <summary>The partitions that are expected to deliver.</summary>
    public IReadOnlyList<TopicPartition> Watched
    {
        get
        {
            lock (_lock)
                return [.. _entries.Keys];
        }
    }

    /// <summary>From now on the partition is expected to deliver: it was assigned, or resumed.</summary>
    public void Watch(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
                _entries.TryAdd(partition, new Entry());
        }
    }

    /// <summary>The partition was revoked, or paused.</summary>
    public void Ignore(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
            {
                _entries.Remove(partition);
                if (_stalled == partition)
                    _stalled = null;
            }
        }
    }

    /// <summary>A record or the end of the partition came.</summary>
    /// <param name="partition">A partition that is not watched is passed over.</param>
    /// <param name="next">The offset after the record, or that of the end.</param>
    public void Delivered(TopicPartition partition, long next)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(partition, out var entry))
                return;
            entry.Next = next;
            entry.BehindSince = null;
        }
    }

    /// <summary>A poll that waited was given nothing.</summary>
    public void CameBackEmpty()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
                entry.HasIdled = true;
        }
    }

    /// <summary>Kafka said where the partitions end.</summary>
    public void Ends(IReadOnlyDictionary<TopicPartition, long> ends)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            foreach (var (partition, end) in ends)
            {
                if (!_entries.TryGetValue(partition, out var entry))
                    continue;
                if (entry.Next >= end)
                    entry.BehindSince = null;
                else if (entry.BehindSince is not { } since || !entry.HasIdled)
                    entry.BehindSince = now;
                else if (clock.GetElapsedTime(since, now) >= stalledAfter)
                    _stalled = partition;
                entry.HasIdled = false;
            }
        }
    }

    /// <summary>Kafka did not say: whatever was late may be so because Kafka is away.</summary>
    public void NoAnswer()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
                entry.BehindSince = null;
        }
    }

    private sealed class Entry
    {
        public long Next { get; set; } = Unknown;

        /// <summary>When Kafka first said that there is more than was delivered.</summary>
        public long? BehindSince { get; set; }

        /// <summary>A poll has come back empty since Kafka's last answer.</summary>
        public bool HasIdled { get; set; }
    }
}
