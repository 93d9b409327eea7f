using Confluent.Kafka;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>A member's place in a generation.</summary>
internal sealed record SimMembership(SimSource Member, int Generation) : IConsumerGroupMetadata;

/// <summary>
/// A consumer group. Eager, as the range assignor has it: all revoke everything, then all are assigned. Cooperative: each gives up what
/// goes to others and processes the rest meanwhile.
/// </summary>
internal sealed class SimGroup(string[] inputs, int partitions, bool isCooperative, SimTrace trace)
{
    private readonly List<SimSource> _members = [];
    private readonly HashSet<SimSource> _awaited = [];

    public int Generation { get; private set; }

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

    /// <summary>What of <paramref name="held"/> the member has to give up before the others can be assigned.</summary>
    public List<TopicPartition> ToRevoke(SimSource source, IEnumerable<TopicPartition> held)
    {
        var kept = isCooperative ? ShareOf(_members.IndexOf(source)) : [];
        return [.. held.Where(partition => !kept.Contains(partition))];
    }

    public void Acknowledge(SimSource source)
    {
        if (_awaited.Remove(source) && _awaited.Count == 0)
            Assign();
    }

    private void Rebalance()
    {
        _awaited.UnionWith(_members);
        if (_members.Count == 0)
            Generation++;
    }

    private void Assign()
    {
        Generation++;
        trace.Add("generation", "group", Generation);
        for (var index = 0; index < _members.Count; index++)
            _members[index].Offer(ShareOf(index), Generation);
    }

    private List<TopicPartition> ShareOf(int index)
    {
        var share = Enumerable.Range(0, partitions).Where(partition => partition % _members.Count == index);
        return [.. share.SelectMany(partition => inputs.Select(input => new TopicPartition(input, partition)))];
    }
}
