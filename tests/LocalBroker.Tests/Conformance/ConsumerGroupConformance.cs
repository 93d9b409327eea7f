using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

/// <summary>Groups of the newer protocol (KIP-848), whose partitions the broker shares out.</summary>
public sealed class ConsumerGroupConformance(BrokerUnderTest broker)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(null)]
    [InlineData("uniform")]
    [InlineData("range")]
    public async Task Members_share_the_partitions_and_who_stays_gets_them_all(string? assignor)
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync(4));
        using var one = Member(group, config => config.GroupRemoteAssignor = assignor);
        using var two = Member(group, config => config.GroupRemoteAssignor = assignor);
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
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync(2));
        using var stays = Member(group);
        var lost = Member(group, config => config.MaxPollIntervalMs = 45_000);
        stays.Subscribe(topic);
        lost.Subscribe(topic);
        PollUntil(() => stays.Assignment.Count == 1 && lost.Assignment.Count == 1, stays, lost);
        lost.Dispose();
        PollUntil(() => stays.Assignment.Count == 2, stays);
    }

    [Fact]
    public async Task A_group_goes_on_where_it_committed_whichever_protocol_it_comes_with()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync());
        using (var producer = broker.Producer())
        {
            for (var i = 0; i < 9; i++)
                await producer.ProduceAsync(topic, new Message<string, string> { Value = $"{i}" }, BrokerClients.Ended);
        }

        ReadThree(Member(group), topic).ShouldBe(0);
        ReadThree(broker.Consumer(group), topic).ShouldBe(3);
        ReadThree(Member(group), topic).ShouldBe(6);
    }

    [Fact]
    public async Task A_static_member_that_comes_back_keeps_its_partitions()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync(4));
        using var a = Member(group, config => config.GroupInstanceId = "a");
        var b = Member(group, config => config.GroupInstanceId = "b");
        a.Subscribe(topic);
        b.Subscribe(topic);
        PollUntil(() => a.Assignment.Count == 2 && b.Assignment.Count == 2, a, b);
        var mine = b.Assignment;
        b.Close();
        b.Dispose();
        using var again = Member(group, config => config.GroupInstanceId = "b");
        again.Subscribe(topic);
        PollUntil(() => again.Assignment.Count == 2, again, a);
        again.Assignment.ShouldBe(mine, ignoreOrder: true);
        a.Assignment.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Topics_are_taken_by_pattern_also_when_they_come_later()
    {
        var (group, prefix) = (BrokerClients.Unique("group"), BrokerClients.Unique("pattern"));
        await broker.CreateAsync(prefix + ".one", 2);
        using var member = Member(group, config => config.TopicMetadataRefreshIntervalMs = 200);
        member.Subscribe($"^{prefix}\\..*");
        PollUntil(() => member.Assignment.Count == 2, member);
        await broker.CreateAsync(prefix + ".two", 3);
        PollUntil(() => member.Assignment.Count == 5, member);
    }

    [Fact]
    public async Task More_partitions_reach_the_members()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync(1));
        using var member = Member(group, config => config.TopicMetadataRefreshIntervalMs = 200);
        member.Subscribe(topic);
        PollUntil(() => member.Assignment.Count == 1, member);
        using var admin = broker.Admin();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 3 }]);
        PollUntil(() => member.Assignment.Count == 3, member);
    }

    [Fact]
    public async Task Listed_described_and_deleted_like_any_group()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync(2));
        using var admin = broker.Admin();
        using (var member = Member(group))
        {
            member.Subscribe(topic);
            PollUntil(() => member.Assignment.Count == 2, member);
            member.Commit([new TopicPartitionOffset(topic, 0, 3)]);
            (await ListedAsync(admin, group))!.State.ShouldBe(ConsumerGroupState.Stable);
            (await Should.ThrowAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([group]))).Results[0].Error.Code.ShouldBe(ErrorCode.NonEmptyGroup);
            var refused = await Should.ThrowAsync<DeleteConsumerGroupOffsetsException>(
                () => admin.DeleteConsumerGroupOffsetsAsync(group, [new TopicPartition(topic, 0)]));
            refused.Result.Partitions[0].Error.Code.ShouldBe(ErrorCode.GroupSubscribedToTopic);
            member.Close();
        }

        (await ListedAsync(admin, group))!.State.ShouldBe(ConsumerGroupState.Empty);
        await admin.DeleteGroupsAsync([group]);
        (await ListedAsync(admin, group)).ShouldBeNull();
    }

    [Fact]
    public async Task A_transaction_commits_offsets_for_a_current_member_only()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync(2));
        using var member = Member(group);
        member.Subscribe(topic);
        PollUntil(() => member.Assignment.Count == 2, member);
        using var producer = broker.Transactional(BrokerClients.Unique("id"));
        producer.InitTransactions(Patience);
        producer.BeginTransaction();
        producer.SendOffsetsToTransaction([new TopicPartitionOffset(topic, 0, 5)], member.ConsumerGroupMetadata, Patience);
        producer.CommitTransaction();
        member.Committed([new TopicPartition(topic, 0)], Patience)[0].Offset.Value.ShouldBe(5);

        var former = member.ConsumerGroupMetadata;
        member.Close();
        producer.BeginTransaction();
        Should.Throw<KafkaException>(() => producer.SendOffsetsToTransaction([new TopicPartitionOffset(topic, 0, 6)], former, Patience))
            .Error.Code.ShouldBeOneOf(ErrorCode.UnknownMemberId, ErrorCode.IllegalGeneration);
    }

    private IConsumer<string, string> Member(string group, Action<ConsumerConfig>? with = null) => broker.Consumer(group, config =>
    {
        config.GroupProtocol = GroupProtocol.Consumer;
        with?.Invoke(config);
    });

    private static long ReadThree(IConsumer<string, string> consumer, string topic)
    {
        using (consumer)
        {
            consumer.Subscribe(topic);
            var first = consumer.Consume(Patience);
            consumer.Consume(Patience);
            consumer.Commit(consumer.Consume(Patience));
            consumer.Close();
            return first.Offset.Value;
        }
    }

    private static async Task<ConsumerGroupListing?> ListedAsync(IAdminClient admin, string group) =>
        (await admin.ListConsumerGroupsAsync()).Valid.FirstOrDefault(listed => listed.GroupId == group);

    private static void PollUntil(Func<bool> condition, params IConsumer<string, string>[] consumers)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            clock.Elapsed.ShouldBeLessThan(Patience);
            foreach (var consumer in consumers)
                consumer.Consume(TimeSpan.FromMilliseconds(10));
        }
    }
}
