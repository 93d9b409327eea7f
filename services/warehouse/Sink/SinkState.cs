using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>How far a partition is.</summary>
/// <param name="Position">The next offset to load.</param>
/// <param name="End">The end of the log.</param>
/// <param name="Seconds">Now less the time of the last loaded record, while some wait; else 0.</param>
internal readonly record struct SinkPosition(long Position, long End, double Seconds);

/// <summary>What probes, metrics and the freshness report see of the sink. Written by the sink, read by requests.</summary>
internal sealed class SinkState(TimeProvider clock)
{
    private readonly ConcurrentDictionary<TopicPartition, Entry> _partitions = new();
    private volatile string? _notReady = "the sink has not joined its consumer group yet";

    /// <summary>Why the sink does not load now; null when it does.</summary>
    public string? NotReady => _notReady;

    /// <summary>
    /// Asks the consumer for the end offset it last heard of; null when none. While the database is away the sink itself learns nothing:
    /// what comes in meanwhile must show all the same.
    /// </summary>
    public Func<TopicPartition, long?> EndOffsetOf { get; set; } = static _ => null;

    public void Succeeded() => _notReady = null;

    public void Failed(string reason) => _notReady = reason;

    /// <summary>Partitions owned here and how far they are.</summary>
    public IReadOnlyList<KeyValuePair<TopicPartition, SinkPosition>> Partitions => [.. _partitions.Select(Look)];

    /// <param name="lastAt">Time of the last loaded record; null when the position moved without one.</param>
    public void Moved(TopicPartition partition, long position, long end, DateTimeOffset? lastAt = null)
    {
        var at = lastAt ?? (_partitions.TryGetValue(partition, out var before) ? before.LastAt : clock.GetUtcNow());
        _partitions[partition] = new Entry(position, Math.Max(end, position), at);
    }

    public void Revoked(TopicPartition partition) => _partitions.TryRemove(partition, out _);

    private KeyValuePair<TopicPartition, SinkPosition> Look(KeyValuePair<TopicPartition, Entry> partition)
    {
        var (position, known, lastAt) = partition.Value;
        var end = Math.Max(known, EndOffsetOf(partition.Key) ?? known);
        var now = clock.GetUtcNow();
        // After an idle hour the next record has not waited for an hour.
        if (end == position)
            _partitions.TryUpdate(partition.Key, partition.Value with { LastAt = now }, partition.Value);
        return new(partition.Key, new SinkPosition(position, end, end == position ? 0 : Math.Max(0, (now - lastAt).TotalSeconds)));
    }

    private readonly record struct Entry(long Position, long End, DateTimeOffset LastAt);
}
