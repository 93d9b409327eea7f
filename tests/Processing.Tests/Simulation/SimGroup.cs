using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Tests.Simulation;

/// <summary>A member's place in a generation.</summary>
internal sealed record SimMembership(SimSource Member, int Generation) : IConsumerGroupMetadata;

/// <summary>A consumer group with eager rebalances, as the range assignor has them: all revoke, then all are assigned.</summary>
internal sealed class SimGroup(string[] inputs, int partitions)
{
    private readonly List<SimSource> _members = [];
    private readonly HashSet<SimSource> _awaited = [];
    private int _generation;

    public bool IsRebalancing => _awaited.Count > 0;

    public void Join(SimSource source)
    {
        _members.Add(source);
        Rebalance();
    }

    /// <summary>Leaves, or is taken for dead.</summary>
    public void Remove(SimSource source)
    {
        if (!_members.Remove(source))
            return;
        _awaited.Remove(source);
        Rebalance();
    }

    public bool Has(SimSource source) => _members.Contains(source);

    public bool IsAwaited(SimSource source) => _awaited.Contains(source);

    public int Generation => _generation;

    public void Acknowledge(SimSource source)
    {
        if (_awaited.Remove(source) && _awaited.Count == 0)
            Assign();
    }

    private void Rebalance()
    {
        _awaited.UnionWith(_members);
        if (_members.Count == 0)
            _generation++;
    }

    private void Assign()
    {
        _generation++;
        for (var index = 0; index < _members.Count; index++)
        {
            var share = Enumerable.Range(0, partitions).Where(partition => partition % _members.Count == index);
            _members[index].Offer([.. share.SelectMany(partition => inputs.Select(input => new TopicPartition(input, partition)))], _generation);
        }
    }
}
