using Commerce.Streaming.Processing.Kafka;
using Commerce.Streaming.Processing.Telemetry;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>
/// A cooperative rebalance has two phases: who gives partitions up joins once more, and only then are they given to others. A static
/// member that is replaced by a new process of its name in between has given them up and does not join: the group is stable, and the
/// partitions are nobody's.
/// </summary>
public sealed class UnownedPartitionTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private const int Partitions = 6;
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Partitions_given_up_by_a_static_member_that_died_before_it_joined_again_find_an_owner()
    {
        var topic = await kafka.CreateTopicAsync("unowned", Partitions);
        var group = "commerce." + topic;
        using var gaveUp = new ManualResetEventSlim();
        using var dies = new ManualResetEventSlim();
        using var first = Member(group, "a", onRevoked: () =>
        {
            gaveUp.Set();
            dies.Wait(WaitMax, Token);
        });
        first.Subscribe(topic);
        await PollUntilAsync(() => first.Assignment.Count == Partitions, first);
        using var other = Member(group, "b", onRevoked: () => { });
        other.Subscribe(topic);
        var dying = Task.Run(() => PollUntilAsync(() => gaveUp.IsSet, first), Token);
        await PollUntilAsync(() => gaveUp.IsSet, other);

        using var again = Member(group, "a", onRevoked: () => { });
        again.Subscribe(topic);
        await PollUntilAsync(() => again.Assignment.Count > 0, again, other);
        using var watch = Watch(topic, group);
        var looking = Task.Run(() => LookUntilAsync(watch, () => again.Assignment.Count + other.Assignment.Count == Partitions), Token);
        await PollUntilAsync(() => looking.IsCompleted, again, other);
        dies.Set();

        await looking;
        again.Assignment.Intersect(other.Assignment).ShouldBeEmpty();
    }

    [Fact]
    public void An_assignment_is_read_as_members_of_the_consumer_protocol_write_it()
    {
        byte[] bytes = [0, 1, 0, 0, 0, 2, 0, 2, (byte)'i', (byte)'n', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, (byte)'x', 0, 0, 0, 0, 255, 255, 255, 255];
        GroupMembers.Assignment(bytes).ShouldBe([new TopicPartition("in", 0), new TopicPartition("in", 256)]);
        GroupMembers.Assignment([]).ShouldBeEmpty();
    }

    private GroupWatch Watch(string topic, string group) =>
        new(
            group, group + ".a", [.. Enumerable.Range(0, Partitions).Select(partition => new TopicPartition(topic, partition))],
            () => ConfigOf(group, "visitor"), new AdminClientBuilder(kafka.ClientProperties).Build(),
            new TopologyTelemetry(new CountingTopology("test.unowned").Build(), new LagTracker(TimeProvider.System)), TimeProvider.System,
            NullLogger.Instance);

    private static async Task LookUntilAsync(GroupWatch watch, Func<bool> isEnough)
    {
        using var limit = new CancellationTokenSource(WaitMax);
        while (!isEnough())
            await watch.LookAsync(limit.Token);
    }

    private IConsumer<byte[], byte[]> Member(string group, string instance, Action onRevoked) =>
        new ConsumerBuilder<byte[], byte[]>(ConfigOf(group, instance))
            .SetPartitionsRevokedHandler((_, _) => onRevoked())
            .SetPartitionsAssignedHandler((_, _) => { })
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();

    private ConsumerConfig ConfigOf(string group, string instance) => new(kafka.ClientProperties)
    {
        GroupId = group,
        GroupInstanceId = group + "." + instance,
        EnableAutoCommit = false,
        SessionTimeoutMs = 10_000,
        HeartbeatIntervalMs = 500,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
    };

    private static async Task PollUntilAsync(Func<bool> isEnough, params IConsumer<byte[], byte[]>[] members)
    {
        using var limit = new CancellationTokenSource(WaitMax);
        while (!isEnough())
        {
            limit.Token.ThrowIfCancellationRequested();
            foreach (var member in members)
                member.Consume(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }
    }
}
