using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class GroupTests
{
    [Fact]
    public async Task A_group_goes_on_where_it_committed()
    {
        await using var broker = await TestBroker.StartAsync();
        await Fill(broker, "go-on", 10);
        using (var first = broker.Consumer("g"))
        {
            first.Subscribe("go-on");
            for (var i = 0; i < 4; i++)
                first.Commit(first.Consume(TimeSpan.FromSeconds(10)));
            first.Close();
        }

        using var second = broker.Consumer("g");
        second.Subscribe("go-on");
        second.Consume(TimeSpan.FromSeconds(10)).Offset.Value.ShouldBe(4);
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Two_members_share_the_partitions_and_the_last_one_gets_them_all(PartitionAssignmentStrategy strategy)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("shared", 4);
        void Strategy(ConsumerConfig config)
        {
            config.PartitionAssignmentStrategy = strategy;
            config.HeartbeatIntervalMs = 100;
        }

        using var one = broker.Consumer("g", Strategy);
        using var two = broker.Consumer("g", Strategy);
        one.Subscribe("shared");
        PollUntil(() => one.Assignment.Count == 4, one);
        two.Subscribe("shared");
        PollUntil(() => one.Assignment.Count == 2 && two.Assignment.Count == 2, one, two);
        one.Assignment.Concat(two.Assignment).Select(at => at.Partition.Value).Order().ShouldBe([0, 1, 2, 3]);
        two.Close();
        PollUntil(() => one.Assignment.Count == 4, one);
    }

    [Fact]
    public async Task A_member_that_falls_silent_loses_its_partitions()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("silent", 2);
        static void Quick(ConsumerConfig config)
        {
            config.SessionTimeoutMs = 1_000;
            config.HeartbeatIntervalMs = 100;
        }

        using var stays = broker.Consumer("g", Quick);
        stays.Subscribe("silent");
        PollUntil(() => stays.Assignment.Count == 2, stays);
        var lost = broker.Consumer("g", Quick);
        lost.Subscribe("silent");
        PollUntil(() => stays.Assignment.Count == 1 && lost.Assignment.Count == 1, stays, lost);
        lost.Dispose();
        PollUntil(() => stays.Assignment.Count == 2, stays);
    }

    [Fact]
    public async Task A_static_member_that_comes_back_keeps_its_partitions_and_fences_its_former_self()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("static", 4);
        static void Named(ConsumerConfig config, string name)
        {
            config.GroupInstanceId = name;
            config.HeartbeatIntervalMs = 100;
        }

        using var a = broker.Consumer("g", config => Named(config, "a"));
        using var b = broker.Consumer("g", config => Named(config, "b"));
        a.Subscribe("static");
        b.Subscribe("static");
        PollUntil(() => a.Assignment.Count == 2 && b.Assignment.Count == 2, a, b);
        var (others, mine) = (a.Assignment, b.Assignment);
        using var again = broker.Consumer("g", config => Named(config, "b"));
        again.Subscribe("static");
        PollUntil(() => again.Assignment.Count == 2, again, a);
        again.Assignment.ShouldBe(mine);
        a.Assignment.ShouldBe(others);
        Should.Throw<KafkaException>(() => PollUntil(() => false, b)).Error.Code.ShouldBe(ErrorCode.FencedInstanceId);
    }

    [Fact]
    public async Task A_restart_of_the_broker_keeps_members_generation_and_offsets()
    {
        var directory = TestBroker.NewDirectory();
        var port = 0;
        string before;
        await using (var broker = await TestBroker.StartAsync(directory, keepFolder: true))
        {
            port = broker.Server.Port;
            await Fill(broker, "kept", 3);
            using var consumer = broker.Consumer("g");
            consumer.Subscribe("kept");
            consumer.Commit(consumer.Consume(TimeSpan.FromSeconds(10)));
            before = consumer.MemberId;
        }

        await using var again = await TestBroker.StartAsync(directory, options => options with { Port = port });
        using var admin = again.Admin();
        var group = admin.ListGroup("g", TimeSpan.FromSeconds(10));
        group.Members.ShouldHaveSingleItem().MemberId.ShouldBe(before);
        using var reader = again.Consumer("g");
        reader.Committed([new TopicPartition("kept", 0)], TimeSpan.FromSeconds(10))[0].Offset.Value.ShouldBe(1);
    }

    private static async Task Fill(TestBroker broker, string topic, int records)
    {
        await broker.CreateAsync(topic);
        using var producer = broker.Producer();
        for (var i = 0; i < records; i++)
            await producer.ProduceAsync(topic, new Message<string, string> { Key = $"{i}", Value = $"{i}" }, TestBroker.Ended);
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
