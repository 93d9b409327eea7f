using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>What probes and the freshness report see of the sink. Written by the sink, read by requests.</summary>
internal sealed class SinkState
{
    private readonly ConcurrentDictionary<TopicPartition, (long Position, long End)> _partitions = new();
    private volatile string? _notReady = "the sink has not joined its consumer group yet";

    /// <summary>Why the sink does not load now; null when it does.</summary>
    public string? NotReady => _notReady;

    public void Succeeded() => _notReady = null;

    public void Failed(string reason) => _notReady = reason;

    /// <summary>Partitions owned here with the next offset to load and the end of the log.</summary>
    public IReadOnlyCollection<KeyValuePair<TopicPartition, (long Position, long End)>> Partitions => _partitions.ToArray();

    public void Moved(TopicPartition partition, long position, long end) =>
        _partitions[partition] = (position, Math.Max(end, position));

    public void Revoked(TopicPartition partition) => _partitions.TryRemove(partition, out _);
}
