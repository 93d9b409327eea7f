using Commerce.Streaming.Processing.Runtime;
using Confluent.Kafka;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>A consumer in the simulation.</summary>
internal sealed class SimSource(
    string instance, SimCluster cluster, SimGroup group, IRebalanceListener listener, SimFaults faults, SimTrace trace, Random random, Action hang)
    : IInputSource
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
        hang();
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
            {
                trace.Add("lost", instance, lost.Count);
                listener.Lost(lost);
            }

            group.Join(this);
        }

        if (group.IsAwaited(this))
        {
            _offer = null;
            var revoked = group.ToRevoke(this, _positions.Keys);
            if (revoked.Count > 0)
            {
                trace.Add("revoked", instance, revoked.Count);
                listener.Revoked(revoked);
            }

            revoked.ForEach(Forget);
            // The last commit may have taken long, and the group may want more by now, or nothing of us.
            if (group.Has(this) && group.ToRevoke(this, _positions.Keys).Count == 0)
                group.Acknowledge(this);
        }

        if (_offer is { } offer)
        {
            _offer = null;
            _generation = _offeredGeneration;
            var added = offer.Where(partition => !_positions.ContainsKey(partition)).ToList();
            foreach (var partition in added)
            {
                trace.Add("assigned", instance, partition.Partition.Value);
                _positions[partition] = null;
            }

            if (added.Count > 0)
                listener.Assigned(added);
        }
    }

    private void Forget(TopicPartition partition)
    {
        _positions.Remove(partition);
        _paused.Remove(partition);
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
        while (position < log.LastStable && !cluster.IsVisible(log.Records[(int)position]))
            position++;
        _positions[partition] = position;
        if (position >= log.LastStable)
            return null;
        var record = log.Records[(int)position];
        _positions[partition] = position + 1;
        trace.Add("gives", instance, (partition.Partition.Value * 1_000_000L) + position);
        return record.At(partition, position);
    }
}
