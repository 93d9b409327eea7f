using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Telemetry;

/// <summary>
/// How far behind each partition is, in messages and in seconds: now less the timestamp of the last record that is committed, or less the
/// moment when nothing waited, whichever is later. Written by the loop, read by whoever collects metrics.
/// </summary>
internal sealed class LagTracker(TimeProvider clock)
{
    private readonly ConcurrentDictionary<TopicPartition, Entry> _entries = [];

    /// <summary>The last record that was handed to the loop, by partition. Of the loop's thread.</summary>
    private readonly Dictionary<TopicPartition, long> _taken = [];

    public TimeProvider Clock => clock;

    /// <summary>Asks the consumer for the end offset it last heard of; null when none.</summary>
    public Func<TopicPartition, long?> EndOffsetOf { get; set; } = static _ => null;

    /// <summary>The partition came with this position; since when something waits there its first record will tell.</summary>
    public void Started(TopicPartition partition, long next) => _entries.TryAdd(partition, new Entry(next, clock.GetUtcNow()));

    /// <summary>The loop has a record. Of a partition that has just come it is the one that has waited longest.</summary>
    public void Taken(TopicPartition partition, long offset, Timestamp timestamp)
    {
        var isFirst = !_taken.ContainsKey(partition);
        _taken[partition] = offset;
        if (!isFirst || !_entries.TryGetValue(partition, out var entry))
            return;
        var written = DateTimeOffset.FromUnixTimeMilliseconds(timestamp.UnixTimestampMs);
        if (written < entry.LastTimestamp)
            _entries.TryUpdate(partition, entry with { LastTimestamp = written }, entry);
    }

    /// <summary>Nothing but control records follows what was taken.</summary>
    public void ReachedEnd(TopicPartition partition, long end)
    {
        var last = _taken.GetValueOrDefault(partition, -1);
        var entry = _entries.GetValueOrDefault(partition, new Entry(last < 0 ? end : last, clock.GetUtcNow()));
        _entries[partition] = (entry with { Last = last, End = end }).PastControlRecords();
    }

    public void Committed(TopicPartition partition, long next, DateTimeOffset lastTimestamp)
    {
        var entry = _entries.GetValueOrDefault(partition);
        _entries[partition] = (entry with { Next = next, LastTimestamp = lastTimestamp }).PastControlRecords();
    }

    public void Forget(TopicPartition partition)
    {
        _taken.Remove(partition);
        _entries.TryRemove(partition, out _);
    }

    public IEnumerable<(TopicPartition Partition, long Messages, double Seconds)> Read()
    {
        var now = clock.GetUtcNow();
        foreach (var (partition, entry) in _entries)
        {
            if (EndOffsetOf(partition) is not { } end)
                continue;
            var messages = Math.Max(0, end - entry.Next);
            // After an idle hour the next record has not waited for an hour.
            if (messages == 0)
                _entries.TryUpdate(partition, entry with { LastTimestamp = now }, entry);
            yield return (partition, messages, messages == 0 ? 0 : Math.Max(0, (now - entry.LastTimestamp).TotalSeconds));
        }
    }

    /// <param name="Next">The first offset that is not committed.</param>
    /// <param name="Last">The last record before <paramref name="End"/>; -1 when none was taken.</param>
    /// <param name="End">Where the partition ended when that was last heard.</param>
    private readonly record struct Entry(long Next, DateTimeOffset LastTimestamp, long Last = -1, long End = 0)
    {
        /// <summary>With the last record before the end committed, only control records are left: they are nothing to wait for.</summary>
        public Entry PastControlRecords() => Next > Last && Next < End ? this with { Next = End } : this;
    }
}
