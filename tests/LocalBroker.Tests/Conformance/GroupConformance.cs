using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

public sealed class GroupConformance(BrokerUnderTest broker)
{
    [Fact]
    public async Task A_group_goes_on_where_it_committed()
    {
        var group = BrokerClients.Unique("group");
        var topic = await FillAsync(10);
        using (var first = broker.Consumer(group))
        {
            first.Subscribe(topic);
            for (var i = 0; i < 4; i++)
                first.Commit(first.Consume(TimeSpan.FromSeconds(10)));
            first.Close();
        }

        using var second = broker.Consumer(group);
        second.Subscribe(topic);
        second.Consume(TimeSpan.FromSeconds(10)).Offset.Value.ShouldBe(4);
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Two_members_share_the_partitions_and_the_last_one_gets_them_all(PartitionAssignmentStrategy strategy)
    {
        var group = BrokerClients.Unique("group");
        var topic = await broker.NewTopicAsync(4);
        void Strategy(ConsumerConfig config)
        {
            config.PartitionAssignmentStrategy = strategy;
            config.HeartbeatIntervalMs = 100;
        }

        using var one = broker.Consumer(group, Strategy);
        using var two = broker.Consumer(group, Strategy);
        one.Subscribe(topic);
        PollUntil(() => one.Assignment.Count == 4, one);
        two.Subscribe(topic);
        PollUntil(() => one.Assignment.Count == 2 && two.Assignment.Count == 2, one, two);
        one.Assignment.Concat(two.Assignment).Select(at => at.Partition.Value).Order().ShouldBe([0, 1, 2, 3]);
        two.Close();
        PollUntil(() => one.Assignment.Count == 4, one);
    }

    [Fact]
    public async Task A_member_that_falls_silent_loses_its_partitions()
    {
        var group = BrokerClients.Unique("group");
        var topic = await broker.NewTopicAsync(2);
        static void Quick(ConsumerConfig config)
        {
            config.SessionTimeoutMs = 1_000;
            config.HeartbeatIntervalMs = 100;
        }

        using var stays = broker.Consumer(group, Quick);
        stays.Subscribe(topic);
        PollUntil(() => stays.Assignment.Count == 2, stays);
        var lost = broker.Consumer(group, Quick);
        lost.Subscribe(topic);
        PollUntil(() => stays.Assignment.Count == 1 && lost.Assignment.Count == 1, stays, lost);
        lost.Dispose();
        PollUntil(() => stays.Assignment.Count == 2, stays);
    }

    [Fact]
    public async Task A_static_member_that_comes_back_keeps_its_partitions_and_fences_its_former_self()
    {
        var group = BrokerClients.Unique("group");
        var topic = await broker.NewTopicAsync(4);
        static void Named(ConsumerConfig config, string name)
        {
            config.GroupInstanceId = name;
            config.HeartbeatIntervalMs = 100;
        }

        using var a = broker.Consumer(group, config => Named(config, "a"));
        using var b = broker.Consumer(group, config => Named(config, "b"));
        a.Subscribe(topic);
        b.Subscribe(topic);
        PollUntil(() => a.Assignment.Count == 2 && b.Assignment.Count == 2, a, b);
        var (others, mine) = (a.Assignment, b.Assignment);
        using var again = broker.Consumer(group, config => Named(config, "b"));
        again.Subscribe(topic);
        PollUntil(() => again.Assignment.Count == 2, again, a);
        again.Assignment.ShouldBe(mine);
        a.Assignment.ShouldBe(others);
        Should.Throw<KafkaException>(() => PollUntil(() => false, b)).Error.Code.ShouldBe(ErrorCode.FencedInstanceId);
    }

    private async Task<string> FillAsync(int records)
    {
        var topic = await broker.NewTopicAsync();
        using var producer = broker.Producer();
        for (var i = 0; i < records; i++)
            await producer.ProduceAsync(topic, new Message<string, string> { Key = $"{i}", Value = $"{i}" }, BrokerClients.Ended);
        return topic;
    }

    private static void PollUntil(Func<bool> condition, params IConsumer<string, string>[] consumers)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
            foreach (var consumer in consumers)
                consumer.Consume(TimeSpan.FromMilliseconds(10));
        }
    }
}
