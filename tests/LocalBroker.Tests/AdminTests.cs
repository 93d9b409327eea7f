using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class AdminTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Topics_are_created_described_extended_and_deleted()
    {
        await using var broker = await TestBroker.StartAsync();
        using var admin = broker.Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "a", NumPartitions = 2 }, new TopicSpecification { Name = "b" }]);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "a", IncreaseTo = 5 }]);
        var described = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["a", "b"]));
        described.TopicDescriptions.Select(topic => topic.Partitions.Count).ShouldBe([5, 6]);

        await admin.DeleteTopicsAsync(["a"]);
        admin.GetMetadata(Patience).Topics.Select(topic => topic.Topic).ShouldBe(["b"]);
        System.IO.Directory.Exists(Path.Combine(broker.Directory, "topics", "a")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_cannot_be_created_is_refused_with_the_reason()
    {
        await using var broker = await TestBroker.StartAsync();
        using var admin = broker.Admin();
        await broker.CreateAsync("there");
        await Refused(admin, new TopicSpecification { Name = "there" }, ErrorCode.TopicAlreadyExists);
        await Refused(admin, new TopicSpecification { Name = "bad name" }, ErrorCode.TopicException);
        await Refused(admin, new TopicSpecification { Name = "../escape" }, ErrorCode.TopicException);
        await Refused(admin, new TopicSpecification { Name = "none", NumPartitions = 0 }, ErrorCode.InvalidPartitions);
        await Refused(admin, new TopicSpecification { Name = "copies", ReplicationFactor = 3 }, ErrorCode.InvalidReplicationFactor);
        await Refused(admin, new TopicSpecification { Name = "odd", Configs = new() { ["retention.ms"] = "soon" } }, ErrorCode.InvalidConfig);
        await Refused(admin, new TopicSpecification { Name = "odd", Configs = new() { ["no.such.setting"] = "1" } }, ErrorCode.InvalidConfig);
    }

    [Fact]
    public async Task A_topic_is_not_created_by_asking_for_it_where_the_options_say_so()
    {
        await using var broker = await TestBroker.StartAsync(with: options => options with { AutoCreateTopics = false });
        using var producer = broker.Producer(config => config.Set("topic.metadata.propagation.max.ms", "100"));
        var refused = await Should.ThrowAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync("absent", new Message<string, string> { Value = "v" }, TestBroker.Ended));
        refused.Error.Code.ShouldBe(ErrorCode.UnknownTopicOrPart);
    }

    [Fact]
    public async Task Settings_are_altered_one_by_one_and_survive_a_restart()
    {
        var directory = TestBroker.NewDirectory();
        await using (var broker = await TestBroker.StartAsync(directory, keepFolder: true))
        {
            await broker.CreateAsync("t", config: new() { ["cleanup.policy"] = "compact", ["retention.ms"] = "5000" });
            using var admin = broker.Admin();
            await admin.IncrementalAlterConfigsAsync(new()
            {
                [Resource] =
                [
                    new ConfigEntry { Name = "max.message.bytes", Value = "2000", IncrementalOperation = AlterConfigOpType.Set },
                    new ConfigEntry { Name = "retention.ms", IncrementalOperation = AlterConfigOpType.Delete },
                    new ConfigEntry { Name = "cleanup.policy", Value = "delete", IncrementalOperation = AlterConfigOpType.Append },
                ],
            });
        }

        await using var again = await TestBroker.StartAsync(directory);
        using var reader = again.Admin();
        var entries = (await reader.DescribeConfigsAsync([Resource]))[0].Entries;
        entries["max.message.bytes"].Value.ShouldBe("2000");
        entries["retention.ms"].Value.ShouldBe("604800000");
        entries["retention.ms"].Source.ShouldNotBe(ConfigSource.DynamicTopicConfig);
        entries["cleanup.policy"].Value.ShouldBe("compact,delete");
    }

    [Fact]
    public async Task Records_before_an_offset_can_be_deleted()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("t");
        using var producer = broker.Producer();
        for (var i = 0; i < 10; i++)
            await producer.ProduceAsync("t", new Message<string, string> { Value = $"{i}" }, TestBroker.Ended);
        using var admin = broker.Admin();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset("t", 0, 7)]);
        broker.ReadAll("t").Select(read => read.Message.Value).ShouldBe(["7", "8", "9"]);
    }

    [Fact]
    public async Task Groups_are_listed_described_and_deleted_with_their_offsets()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("t", 2);
        using var admin = broker.Admin();
        using (var consumer = broker.Consumer("g"))
        {
            consumer.Subscribe("t");
            consumer.Consume(TimeSpan.FromSeconds(2));
            consumer.Commit([new Confluent.Kafka.TopicPartitionOffset("t", 0, 3), new Confluent.Kafka.TopicPartitionOffset("t", 1, 4)]);
            var described = (await admin.DescribeConsumerGroupsAsync(["g"])).ConsumerGroupDescriptions.ShouldHaveSingleItem();
            described.State.ShouldBe(ConsumerGroupState.Stable);
            described.Members.ShouldHaveSingleItem().Assignment.TopicPartitions.Count.ShouldBe(2);
            await Should.ThrowAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync(["g"]));
            consumer.Close();
        }

        (await admin.ListConsumerGroupsAsync()).Valid.ShouldHaveSingleItem().State.ShouldBe(ConsumerGroupState.Empty);
        var offsets = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions("g", null)]);
        offsets[0].Partitions.Select(at => at.Offset.Value).ShouldBe([3, 4]);
        await admin.DeleteGroupsAsync(["g"]);
        (await admin.ListConsumerGroupsAsync()).Valid.ShouldBeEmpty();
    }

    private static ConfigResource Resource => new() { Type = ResourceType.Topic, Name = "t" };

    private static async Task Refused(IAdminClient admin, TopicSpecification topic, ErrorCode code)
    {
        var refused = await Should.ThrowAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]));
        refused.Results[0].Error.Code.ShouldBe(code);
    }
}
