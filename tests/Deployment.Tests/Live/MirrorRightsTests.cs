using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>Two Apache Kafkas that let nobody do more than k8s/two-regions says, and its mirror between them.</summary>
public sealed class MirrorRightsTests
{
    private const string Topic = "commerce.orders.completed.v1";
    private const string Group = "commerce.warehouse.sink";
    private const int Records = 200;

    [Fact]
    public async Task The_mirror_does_its_work_with_the_rights_of_its_users_and_east_lets_it_write_nothing()
    {
        Assert.SkipWhen(TestEnvironment.KafkaHome is null || !File.Exists(Path.Combine(TestEnvironment.KafkaHome, "bin", "connect-start")),
            "COMMERCE_TEST_KAFKA_HOME, a folder with bin/kafka-start and bin/connect-start, is not set");
        await using var east = await GuardedKafka.StartAsync("k8s/two-regions/active/users.yaml");
        await using var west = await GuardedKafka.StartAsync("k8s/two-regions/users.yaml");
        await east.Admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = 2, ReplicationFactor = 1 }]);
        await east.ProduceAsync(Topic, Records);
        east.Commit(Group, Topic, Records / 2);
        await using var mirror = await MirrorWorker.StartAsync(east, west);

        await mirror.EventuallyAsync("topic, records and the group's offsets are in west", () => Task.FromResult(
            west.Held(Topic) == Records && west.Committed(Group, Topic, partitions: 2).SequenceEqual(east.Committed(Group, Topic, partitions: 2))));
        await east.Admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = Topic, IncreaseTo = 3 }]);
        await east.Admin.IncrementalAlterConfigsAsync(new()
        {
            [new ConfigResource { Type = ResourceType.Topic, Name = Topic }] =
                [new ConfigEntry { Name = "retention.ms", Value = "7654321", IncrementalOperation = AlterConfigOpType.Set }],
        });
        await mirror.EventuallyAsync("partitions and settings follow", async () =>
            west.Partitions(Topic) == 3 && await west.SettingAsync(Topic, "retention.ms") == "7654321");
        await mirror.EventuallyAsync("nothing has failed", mirror.RunsAsync);
        mirror.Log().ShouldNotContain("AuthorizationException");

        (await Should.ThrowAsync<ProduceException<Null, string>>(() => east.ProduceAsync(Topic, 1, GuardedKafka.MirrorUser)))
            .Error.Code.ShouldBe(ErrorCode.TopicAuthorizationFailed);
    }
}
