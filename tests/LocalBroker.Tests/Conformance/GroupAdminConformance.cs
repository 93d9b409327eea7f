using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

public sealed class GroupAdminConformance(BrokerUnderTest broker)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Groups_are_listed_described_and_deleted_with_their_offsets()
    {
        var group = BrokerClients.Unique("group");
        var topic = await broker.NewTopicAsync(2);
        using var admin = broker.Admin();
        using (var consumer = Joined(group, topic))
        {
            consumer.Commit([new TopicPartitionOffset(topic, 0, 3), new TopicPartitionOffset(topic, 1, 4)]);
            var described = (await admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions.ShouldHaveSingleItem();
            described.State.ShouldBe(ConsumerGroupState.Stable);
            described.PartitionAssignor.ShouldBe("range");
            described.Members.ShouldHaveSingleItem().Assignment.TopicPartitions.Count.ShouldBe(2);
            (await Should.ThrowAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([group]))).Results[0].Error.Code.ShouldBe(ErrorCode.NonEmptyGroup);
            consumer.Close();
        }

        (await StateOfAsync(admin, group)).ShouldBe(ConsumerGroupState.Empty);
        (await OffsetsOfAsync(admin, group)).ShouldBe([3, 4]);
        await admin.DeleteGroupsAsync([group]);
        (await StateOfAsync(admin, group)).ShouldBeNull();
        (await Should.ThrowAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([group]))).Results[0].Error.Code.ShouldBe(ErrorCode.GroupIdNotFound);
    }

    [Fact]
    public async Task Offsets_of_a_group_without_members_can_be_set_and_of_one_with_members_not()
    {
        var group = BrokerClients.Unique("group");
        var topic = await broker.NewTopicAsync(2);
        using var admin = broker.Admin();
        ConsumerGroupTopicPartitionOffsets Setting(long offset) => new(group, [new TopicPartitionOffset(topic, 0, offset), new TopicPartitionOffset(topic, 1, offset)]);
        await admin.AlterConsumerGroupOffsetsAsync([Setting(7)]);
        (await OffsetsOfAsync(admin, group)).ShouldBe([7, 7]);

        using var consumer = Joined(group, topic);
        var refused = await Should.ThrowAsync<AlterConsumerGroupOffsetsException>(() => admin.AlterConsumerGroupOffsetsAsync([Setting(1)]));
        refused.Results[0].Partitions[0].Error.Code.ShouldBe(ErrorCode.UnknownMemberId);
        (await OffsetsOfAsync(admin, group)).ShouldBe([7, 7]);
    }

    [Fact]
    public async Task Offsets_of_a_partition_that_nobody_reads_can_be_deleted()
    {
        var group = BrokerClients.Unique("group");
        var topic = await broker.NewTopicAsync(2);
        using var admin = broker.Admin();
        using (var consumer = Joined(group, topic))
        {
            consumer.Commit([new TopicPartitionOffset(topic, 0, 3), new TopicPartitionOffset(topic, 1, 4)]);
            var refused = await Should.ThrowAsync<DeleteConsumerGroupOffsetsException>(
                () => admin.DeleteConsumerGroupOffsetsAsync(group, [new TopicPartition(topic, 0)]));
            refused.Result.Partitions[0].Error.Code.ShouldBe(ErrorCode.GroupSubscribedToTopic);
            consumer.Close();
        }

        await admin.DeleteConsumerGroupOffsetsAsync(group, [new TopicPartition(topic, 0)]);
        var left = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, null)]);
        left[0].Partitions.ShouldHaveSingleItem().Partition.Value.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_committed_comes_back_with_its_metadata_and_what_was_not_is_unset()
    {
        var topic = await broker.NewTopicAsync(2);
        using var consumer = Joined(BrokerClients.Unique("group"), topic);
        consumer.Commit([new TopicPartitionOffset(topic, 0, 3)]);
        var committed = consumer.Committed([new TopicPartition(topic, 0), new TopicPartition(topic, 1)], Patience);
        committed.Select(at => at.Offset.Value).ShouldBe([3, Offset.Unset.Value]);
    }

    [Fact]
    public async Task A_former_generation_cannot_commit()
    {
        var group = BrokerClients.Unique("group");
        var topic = await broker.NewTopicAsync(2);
        using var lost = broker.Consumer(group, config =>
        {
            config.SessionTimeoutMs = 1_000;
            config.HeartbeatIntervalMs = 100;
            config.MaxPollIntervalMs = 1_000;
        });
        lost.Subscribe(topic);
        PollUntil(lost, () => lost.Assignment.Count == 2);
        using var admin = broker.Admin();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (await StateOfAsync(admin, group) != ConsumerGroupState.Empty)
            clock.Elapsed.ShouldBeLessThan(Patience);
        Should.Throw<KafkaException>(() => lost.Commit([new TopicPartitionOffset(topic, 0, 3)]))
            .Error.Code.ShouldBeOneOf(ErrorCode.UnknownMemberId, ErrorCode.IllegalGeneration);
    }

    private IConsumer<string, string> Joined(string group, string topic)
    {
        var consumer = broker.Consumer(group, config => config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range);
        consumer.Subscribe(topic);
        PollUntil(consumer, () => consumer.Assignment.Count > 0);
        return consumer;
    }

    private static void PollUntil(IConsumer<string, string> consumer, Func<bool> condition)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
            consumer.Consume(TimeSpan.FromMilliseconds(10));
        }
    }

    private static async Task<ConsumerGroupState?> StateOfAsync(IAdminClient admin, string group) =>
        (await admin.ListConsumerGroupsAsync()).Valid.FirstOrDefault(listed => listed.GroupId == group)?.State;

    private static async Task<long[]> OffsetsOfAsync(IAdminClient admin, string group)
    {
        var listed = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, null)]);
        return [.. listed[0].Partitions.OrderBy(at => at.Partition.Value).Select(at => at.Offset.Value)];
    }
}
