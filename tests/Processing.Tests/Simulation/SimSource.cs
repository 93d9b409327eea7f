using Commerce.Streaming.Processing.Runtime;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Tests.Simulation;

/// <summary>A consumer in the simulation.</summary>
internal sealed class SimSource(SimCluster cluster, SimGroup group, IRebalanceListener listener, SimFaults faults, Random random) : IInputSource
{
    private readonly Dictionary<TopicPartition, long?> _positions = [];
    private readonly HashSet<TopicPartition> _paused = [];
    private List<TopicPartition>? _offer;
    private int _generation;
    private int _offeredGeneration;

    public void Offer(List<TopicPartition> partitions, int generation)
    {
        _offer = partitions;
        _offeredGeneration = generation;
    }

    public InputRecord? Poll(TimeSpan wait)
    {
        faults.MayCrash("poll");
        ServeRebalance();
        var readable = _positions.Keys.Where(partition => !_paused.Contains(partition)).OrderBy(_ => random.Next()).ToList();
        foreach (var partition in readable)
        {
            if (Next(partition) is { } record)
                return record;
        }

        return null;
    }

    public void Pause(IReadOnlyCollection<TopicPartition> partitions) => _paused.UnionWith(partitions);

    public void Resume(IReadOnlyCollection<TopicPartition> partitions) => _paused.ExceptWith(partitions);

    public IConsumerGroupMetadata? Membership() =>
        // A member that was dropped may know it or not; both must be safe.
        !group.Has(this) && random.Next(2) == 0 ? null : new SimMembership(this, _generation);

    public bool IsValid(SimMembership membership) => group.Has(this) && membership.Generation == group.Generation;

    public void Close()
    {
        if (_positions.Count > 0 && group.Has(this))
            listener.Revoked([.. _positions.Keys]);
        _positions.Clear();
        group.Remove(this);
    }

    public void Dispose()
    {
    }

    private void ServeRebalance()
    {
        if (!group.Has(this))
        {
            var lost = _positions.Keys.ToList();
            Clear();
            if (lost.Count > 0)
                listener.Lost(lost);
            group.Join(this);
        }

        if (group.IsAwaited(this))
        {
            _offer = null;
            var revoked = _positions.Keys.ToList();
            if (revoked.Count > 0)
                listener.Revoked(revoked);
            Clear();
            group.Acknowledge(this);
        }

        if (_offer is { } offer)
        {
            _offer = null;
            _generation = _offeredGeneration;
            foreach (var partition in offer)
                _positions[partition] = null;
            listener.Assigned(offer);
        }
    }

    private void Clear()
    {
        _positions.Clear();
        _paused.Clear();
    }

    private InputRecord? Next(TopicPartition partition)
    {
        if (_positions[partition] is not { } position)
        {
            if (!cluster.IsStable(partition.Topic, partition.Partition.Value))
                return null;
            position = cluster.CommittedOffset(partition.Topic, partition.Partition.Value);
        }

        var log = cluster.Partition(partition.Topic, partition.Partition.Value);
        while (position < log.LastStable && !SimPartition.IsVisible(log.Records[(int)position]))
            position++;
        _positions[partition] = position;
        if (position >= log.LastStable)
            return null;
        var record = log.Records[(int)position];
        _positions[partition] = position + 1;
        return new InputRecord
        {
            TopicPartitionOffset = new TopicPartitionOffset(partition, position),
            Message = new Message<byte[]?, byte[]?>
            {
                Key = record.Key,
                Value = record.Value,
                Timestamp = new Timestamp(record.Timestamp),
                Headers = [],
            },
        };
    }
}
