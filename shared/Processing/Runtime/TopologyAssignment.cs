using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Runtime;

/// <summary>
/// Which partitions are ours and whose state is complete. A partition becomes a task when every input's share of it is assigned; it is
/// paused while its state is restored. State of a revoked partition is kept for one rebalance: the range assignor takes everything away
/// and gives most of it back at once, and then only what came in between is read again.
/// </summary>
internal sealed partial class TopologyAssignment(
    Topology topology, TopologyEngine engine, TransactionRecords records, IStateRestorer restorer, IViewPublisher views,
    TopologyTelemetry telemetry, ILogger logger)
    : IRebalanceListener
{
    private readonly string[] _inputs = [.. topology.Inputs.Select(input => input.Topic.Name)];
    private readonly bool _isStateful = topology.Stores.Count > 0;
    private readonly HashSet<TopicPartition> _assigned = [];
    private readonly HashSet<TopicPartition> _toPause = [];
    private readonly Dictionary<int, PartitionTask> _parked = [];
    private readonly Dictionary<int, List<InputRecord>> _waiting = [];
    private readonly Restorations _restorations = new(restorer);

    /// <summary>Commits what is done before partitions go; set by the loop.</summary>
    public Action BeforeLeaving { get; set; } = static () => { };

    /// <summary>Takes back what is not committed: the partitions are gone already; set by the loop.</summary>
    public Action BeforeLosing { get; set; } = static () => { };

    /// <summary>Where partitions are paused and resumed; set once the consumer exists.</summary>
    public IInputSource? Source { get; set; }

    /// <summary>Some partition's state is being restored.</summary>
    public bool IsSettling => _restorations.Any;

    /// <summary>The group has answered at least once, be it with no partition at all.</summary>
    public bool HasJoined { get; private set; }

    /// <summary>Lets finished restorations in. Called by the loop between polls.</summary>
    public void Settle()
    {
        if (_toPause.Count > 0)
        {
            Source!.Pause(_toPause);
            _toPause.Clear();
        }

        if (!_restorations.Any)
            return;
        foreach (var task in _restorations.TakeFinished())
        {
            engine.Assign(task);
            if (_waiting.Remove(task.Partition, out var records_))
                records_.ForEach(records.Postpone);
            Source!.Resume([.. _inputs.Select(input => new TopicPartition(input, task.Partition)).Where(_assigned.Contains)]);
            Restored(topology.Name, task.Partition, task.Stores.Sum(store => store.Count));
        }

        telemetry.Restoring(_restorations.Partitions);
    }

    /// <summary>Whether the record can be processed now. One that came before its partition was paused waits for the state.</summary>
    public bool Admit(InputRecord record)
    {
        var partition = record.Partition.Value;
        if (engine.Tasks.ContainsKey(partition))
            return true;
        if (_restorations.Contains(partition))
        {
            if (!_waiting.TryGetValue(partition, out var waiting))
                _waiting[partition] = waiting = [];
            waiting.Add(record);
        }

        return false;
    }

    public void Assigned(IReadOnlyCollection<TopicPartition> partitions)
    {
        HasJoined = true;
        _assigned.UnionWith(partitions);
        var tasks = new List<PartitionTask>();
        foreach (var partition in partitions.Select(each => each.Partition.Value).Distinct().Order())
        {
            if (_inputs.FirstOrDefault(input => !_assigned.Contains(new TopicPartition(input, partition))) is { } missing)
                throw new TopologyFailedException($"partition {partition} was assigned without {missing}: the group's members differ in what they read");
            var task = _parked.Remove(partition, out var parked) ? parked : engine.CreateTask(partition);
            if (_isStateful)
                tasks.Add(task);
            else
                engine.Assign(task);
        }

        // Whatever else was kept has gone to others.
        _parked.Clear();
        if (tasks.Count > 0)
        {
            _toPause.UnionWith(partitions);
            _restorations.Start(tasks);
            telemetry.Restoring(_restorations.Partitions);
        }

        telemetry.Rebalanced("assigned");
        PartitionsAssigned(topology.Name, partitions.Count);
    }

    public void Revoked(IReadOnlyCollection<TopicPartition> partitions)
    {
        BeforeLeaving();
        foreach (var task in Remove(partitions))
            _parked[task.Partition] = task;
        telemetry.Rebalanced("revoked");
        PartitionsRevoked(topology.Name, partitions.Count);
    }

    public void Lost(IReadOnlyCollection<TopicPartition> partitions)
    {
        BeforeLosing();
        Remove(partitions);
        _parked.Clear();
        telemetry.Rebalanced("lost");
        PartitionsLost(topology.Name, partitions.Count);
    }

    /// <summary>Ends restorations; see <see cref="Restorations.Stop"/>.</summary>
    public bool Stop(TimeSpan wait) => _restorations.Stop(wait);

    private List<PartitionTask> Remove(IReadOnlyCollection<TopicPartition> partitions)
    {
        _assigned.ExceptWith(partitions);
        _toPause.ExceptWith(partitions);
        var gone = partitions.Select(each => each.Partition.Value).ToHashSet();
        var tasks = new List<PartitionTask>();
        foreach (var partition in gone)
        {
            _restorations.Drop(partition);
            _waiting.Remove(partition);
            views.Forget(partition);
            if (engine.Revoke(partition) is { } task)
                tasks.Add(task);
        }

        telemetry.Restoring(_restorations.Partitions);
        records.Drop(gone.Contains);
        return tasks;
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "{Topology}: {Count} partitions assigned")]
    private partial void PartitionsAssigned(string topology, int count);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "{Topology}: {Count} partitions revoked")]
    private partial void PartitionsRevoked(string topology, int count);

    [LoggerMessage(EventId = 112, Level = LogLevel.Warning, Message = "{Topology}: {Count} partitions lost: this member was away for too long")]
    private partial void PartitionsLost(string topology, int count);

    [LoggerMessage(EventId = 113, Level = LogLevel.Information, Message = "{Topology}: partition {Partition} restored, {Entries} entries of state")]
    private partial void Restored(string topology, int partition, int entries);
}
