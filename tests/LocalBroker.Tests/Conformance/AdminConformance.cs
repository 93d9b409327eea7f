using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

public sealed class AdminConformance(BrokerUnderTest broker)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Topics_are_created_described_extended_and_deleted()
    {
        using var admin = broker.Admin();
        var (a, b) = (BrokerClients.Unique("a"), BrokerClients.Unique("b"));
        await admin.CreateTopicsAsync([new TopicSpecification { Name = a, NumPartitions = 2 }, new TopicSpecification { Name = b }]);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = a, IncreaseTo = 5 }]);
        await UntilAsync(async () => (await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([a]))).TopicDescriptions[0].Partitions.Count == 5);
        var described = (await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([a, b]))).TopicDescriptions;
        described.Select(topic => topic.Partitions.Count).ShouldBe([5, 6]);
        described.SelectMany(topic => topic.Partitions).ShouldAllBe(partition => partition.Leader.Id == partition.ISR[0].Id);

        await admin.DeleteTopicsAsync([a]);
        List<string> left = [];
        await UntilAsync(() =>
        {
            left = [.. admin.GetMetadata(Patience).Topics.Select(topic => topic.Topic)];
            return Task.FromResult(!left.Contains(a));
        });
        left.ShouldContain(b);
    }

    [Fact]
    public async Task What_cannot_be_created_is_refused_with_the_reason()
    {
        using var admin = broker.Admin();
        await Refused(admin, new TopicSpecification { Name = await broker.NewTopicAsync() }, ErrorCode.TopicAlreadyExists);
        await Refused(admin, new TopicSpecification { Name = "bad name" }, ErrorCode.TopicException);
        await Refused(admin, new TopicSpecification { Name = "../escape" }, ErrorCode.TopicException);
        await Refused(admin, new TopicSpecification { Name = "none", NumPartitions = 0 }, ErrorCode.InvalidPartitions);
        await Refused(admin, new TopicSpecification { Name = "copies", ReplicationFactor = 100 }, ErrorCode.InvalidReplicationFactor);
        await Refused(admin, new TopicSpecification { Name = "odd", Configs = new() { ["retention.ms"] = "soon" } }, ErrorCode.InvalidConfig);
        await Refused(admin, new TopicSpecification { Name = "odd", Configs = new() { ["no.such.setting"] = "1" } }, ErrorCode.InvalidConfig);
    }

    [Fact]
    public async Task Partitions_only_grow_and_absent_topics_are_named()
    {
        using var admin = broker.Admin();
        var topic = await broker.NewTopicAsync(3);
        (await Should.ThrowAsync<CreatePartitionsException>(() => admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 2 }])))
            .Results[0].Error.Code.ShouldBe(ErrorCode.InvalidPartitions);
        (await Should.ThrowAsync<CreatePartitionsException>(() => admin.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = 3 }])))
            .Results[0].Error.Code.ShouldBe(ErrorCode.InvalidPartitions);
        (await Should.ThrowAsync<CreatePartitionsException>(() => admin.CreatePartitionsAsync([new() { Topic = "absent", IncreaseTo = 2 }])))
            .Results[0].Error.Code.ShouldBe(ErrorCode.UnknownTopicOrPart);
        (await Should.ThrowAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync(["absent"])))
            .Results[0].Error.Code.ShouldBe(ErrorCode.UnknownTopicOrPart);
    }

    [Fact]
    public async Task Settings_are_altered_one_by_one()
    {
        var topic = await broker.NewTopicAsync(config: new() { ["cleanup.policy"] = "compact", ["retention.ms"] = "5000" });
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        using var admin = broker.Admin();
        await admin.IncrementalAlterConfigsAsync(new()
        {
            [resource] =
            [
                new ConfigEntry { Name = "max.message.bytes", Value = "2000", IncrementalOperation = AlterConfigOpType.Set },
                new ConfigEntry { Name = "retention.ms", IncrementalOperation = AlterConfigOpType.Delete },
                new ConfigEntry { Name = "cleanup.policy", Value = "delete", IncrementalOperation = AlterConfigOpType.Append },
            ],
        });
        var entries = (await admin.DescribeConfigsAsync([resource]))[0].Entries;
        entries["max.message.bytes"].Value.ShouldBe("2000");
        entries["max.message.bytes"].Source.ShouldBe(ConfigSource.DynamicTopicConfig);
        entries["retention.ms"].Value.ShouldBe("604800000");
        entries["retention.ms"].Source.ShouldNotBe(ConfigSource.DynamicTopicConfig);
        entries["cleanup.policy"].Value.ShouldBe("compact,delete");
    }

    [Fact]
    public async Task Settings_that_cannot_be_are_refused_and_change_nothing()
    {
        var topic = await broker.NewTopicAsync();
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        using var admin = broker.Admin();
        var entry = new ConfigEntry { Name = "retention.ms", Value = "soon", IncrementalOperation = AlterConfigOpType.Set };
        (await Should.ThrowAsync<IncrementalAlterConfigsException>(() => admin.IncrementalAlterConfigsAsync(new() { [resource] = [entry] })))
            .Results[0].Error.Code.ShouldBe(ErrorCode.InvalidConfig);
        (await admin.DescribeConfigsAsync([resource]))[0].Entries["retention.ms"].Value.ShouldBe("604800000");
        var absent = new ConfigResource { Type = ResourceType.Topic, Name = "absent" };
        (await Should.ThrowAsync<DescribeConfigsException>(() => admin.DescribeConfigsAsync([absent])))
            .Results[0].Error.Code.ShouldBe(ErrorCode.UnknownTopicOrPart);
    }

    [Fact]
    public async Task The_cluster_names_its_nodes_and_its_controller()
    {
        using var admin = broker.Admin();
        var cluster = await admin.DescribeClusterAsync();
        cluster.ClusterId.ShouldNotBeNullOrEmpty();
        cluster.Nodes.Select(node => node.Id).ShouldContain(cluster.Controller.Id);
        cluster.Nodes.Select(node => $"{node.Host}:{node.Port}").ShouldBe(broker.Address.Split(','), ignoreOrder: true);
    }

    // A cluster tells its brokers of a change after it has answered.
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!await condition())
            clock.Elapsed.ShouldBeLessThan(Patience);
    }

    private static async Task Refused(IAdminClient admin, TopicSpecification topic, ErrorCode code)
    {
        var refused = await Should.ThrowAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]));
        refused.Results[0].Error.Code.ShouldBe(code);
    }
}
