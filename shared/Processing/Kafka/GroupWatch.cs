using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>
/// Finds partitions that are nobody's though the group is stable, and has them given to somebody. A cooperative rebalance has two phases:
/// who gives partitions up joins once more, and only then do others get them. A static member that dies in between and is back within its
/// session joins under its name, and the group coordinator gives it what the first phase left it, without a rebalance: nobody ever asks
/// for the second phase. A member that comes and goes does, so that is what this sends.
/// </summary>
internal sealed partial class GroupWatch(
    string groupId, string instanceId, IReadOnlyCollection<TopicPartition> inputs, Func<ConsumerConfig> visitor, IAdminClient admin,
    TopologyTelemetry telemetry, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>Between two phases, too, partitions are nobody's while those who give them up commit what they have done.</summary>
    private const int LooksMin = 3;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan VisitMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(100);

    private HashSet<TopicPartition> _unowned = [];
    private int _looks;

    /// <summary>Null where it is not needed: members without a name leave when they die, and the range assignor has one phase.</summary>
    public static GroupWatch? For(
        Topology topology, ProcessingOptions options, KafkaConnection connection, TopologyTelemetry telemetry, TimeProvider clock, ILogger logger)
    {
        if (options.InstanceId.Length == 0 || KafkaInputSource.StrategyOf(topology) != PartitionAssignmentStrategy.CooperativeSticky)
            return null;
        var inputs = topology.Inputs.SelectMany(
            input => Enumerable.Range(0, input.Topic.PartitionsAt(connection.PartitionsMultiple)).Select(partition => new TopicPartition(input.Topic.Name, partition)));
        var admin = new AdminClientBuilder(connection.Producer()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        return new GroupWatch(
            topology.GroupId, KafkaInputSource.GroupInstanceIdOf(topology, options), [.. inputs],
            () => KafkaInputSource.ConfigOf(topology, connection, options), admin, telemetry, clock, logger);
    }

    /// <summary>Runs until cancelled, which is no error.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await LookAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever started it has enough.
        }
    }

    /// <summary>One look at the group, and what follows from it.</summary>
    internal Task LookAsync(CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Look(cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => admin.Dispose();

    private void Look(CancellationToken cancellationToken)
    {
        IReadOnlyList<GroupMember> members = GroupMembers.Ask(admin, groupId) is { IsStable: true } group ? group.Members : [];
        var unowned = members.Count == 0 ? [] : inputs.Except(members.SelectMany(member => member.Assigned)).ToHashSet();
        _looks = unowned.Count > 0 && unowned.SetEquals(_unowned) ? _looks + 1 : Math.Min(unowned.Count, 1);
        _unowned = unowned;
        // One of the members is enough.
        if (_looks < LooksMin || !members.MinBy(member => member.Id, StringComparer.Ordinal)!.IsNamed(instanceId))
            return;
        _looks = 0;
        PartitionsUnowned(groupId, unowned.Count);
        telemetry.Rebalanced("called");
        Visit(cancellationToken);
    }

    private void Visit(CancellationToken cancellationToken)
    {
        var config = visitor();
        config.GroupInstanceId = null;
        config.ClientId = groupId + ".visitor";
        var hasJoined = false;
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(config)
            .SetPartitionsAssignedHandler((_, _) => hasJoined = true)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
        consumer.Subscribe(inputs.Select(input => input.Topic).Distinct());
        var started = clock.GetTimestamp();
        try
        {
            // Whatever it is given in passing is read by nobody and committed by nobody.
            while (!hasJoined && !cancellationToken.IsCancellationRequested && clock.GetElapsedTime(started) < VisitMax)
                consumer.Consume(PollWait);
            consumer.Close();
        }
        catch (KafkaException)
        {
            // The next looks will tell whether another visit is needed.
        }
    }

    [LoggerMessage(EventId = 170, Level = LogLevel.Warning, Message = "{Group} is stable and {Count} partitions are nobody's; calling for a rebalance")]
    private partial void PartitionsUnowned(string group, int count);
}
