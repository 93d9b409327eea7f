using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Telemetry;

/// <summary>
/// How far behind each partition is, in messages and in seconds: now less the timestamp of the first record that is not committed.
/// Written by the loop, read by whoever collects metrics.
/// </summary>
internal sealed class LagTracker(TimeProvider clock)
{
    private readonly ConcurrentDictionary<TopicPartition, Entry> _entries = [];

    public TimeProvider Clock => clock;

    /// <summary>Asks the consumer for the end offset it last heard of; null when none.</summary>
    public Func<TopicPartition, long?> EndOffsetOf { get; set; } = static _ => null;

    public void Committed(TopicPartition partition, long next, DateTimeOffset lastTimestamp) =>
        _entries[partition] = new Entry(next, lastTimestamp);

    /// <summary>The partition came with this position; what waits there waits from now on.</summary>
    public void Started(TopicPartition partition, long next) => _entries.TryAdd(partition, new Entry(next, clock.GetUtcNow()));

    /// <summary>Nothing is left to read, whatever control records follow the position.</summary>
    public void ReachedEnd(TopicPartition partition, long end) =>
        _entries.AddOrUpdate(partition, new Entry(end, clock.GetUtcNow()), (_, entry) => entry with { Next = Math.Max(entry.Next, end) });

    public void Forget(TopicPartition partition) => _entries.TryRemove(partition, out _);

    public IEnumerable<(TopicPartition Partition, long Messages, double Seconds)> Read()
    {
        var now = clock.GetUtcNow();
        foreach (var (partition, entry) in _entries)
        {
            if (EndOffsetOf(partition) is not { } end)
                continue;
            var messages = Math.Max(0, end - entry.Next);
            yield return (partition, messages, messages == 0 ? 0 : Math.Max(0, (now - entry.LastTimestamp).TotalSeconds));
        }
    }

    private readonly record struct Entry(long Next, DateTimeOffset LastTimestamp);
}
