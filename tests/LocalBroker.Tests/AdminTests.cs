using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class AdminTests
{
    [Fact]
    public async Task A_topic_that_is_deleted_leaves_no_files()
    {
        await using var broker = await TestBroker.StartAsync();
        using var admin = broker.Admin();
        await broker.CreateAsync("a");
        var folder = Path.Combine(broker.Directory, "topics", "a");
        System.IO.Directory.Exists(folder).ShouldBeTrue();
        await admin.DeleteTopicsAsync(["a"]);
        System.IO.Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_topic_is_not_created_by_asking_for_it_where_the_options_say_so()
    {
        await using var broker = await TestBroker.StartAsync(with: options => options with { AutoCreateTopics = false });
        using var producer = broker.Producer(config => config.Set("topic.metadata.propagation.max.ms", "100"));
        var refused = await Should.ThrowAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync("absent", new Message<string, string> { Value = "v" }, BrokerClients.Ended));
        refused.Error.Code.ShouldBe(ErrorCode.UnknownTopicOrPart);
    }

    [Fact]
    public async Task Partitions_beyond_the_limit_are_refused_whoever_asks_for_them()
    {
        await using var broker = await TestBroker.StartAsync(with: options => options with { DefaultPartitions = 4, MaxPartitions = 10 });
        using var admin = broker.Admin();
        await broker.CreateAsync("a", 4);
        (await Should.ThrowAsync<CreateTopicsException>(() => broker.CreateAsync("b", 7))).Results[0].Error.Code.ShouldBe(ErrorCode.PolicyViolation);
        (await Should.ThrowAsync<CreatePartitionsException>(() => admin.CreatePartitionsAsync([new() { Topic = "a", IncreaseTo = 11 }])))
            .Results[0].Error.Code.ShouldBe(ErrorCode.PolicyViolation);
        (await Should.ThrowAsync<CreatePartitionsException>(() => admin.CreatePartitionsAsync([new() { Topic = "a", IncreaseTo = 1_001 }])))
            .Results[0].Error.Code.ShouldBe(ErrorCode.InvalidPartitions);
        await broker.CreateAsync("c", 6);

        using var producer = broker.Producer(config => config.Set("topic.metadata.propagation.max.ms", "100"));
        (await Should.ThrowAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync("d", new Message<string, string> { Value = "v" }, BrokerClients.Ended)))
            .Error.Code.ShouldBe(ErrorCode.UnknownTopicOrPart);
    }

    [Fact]
    public async Task Settings_survive_a_restart()
    {
        var directory = TestBroker.NewDirectory();
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = "t" };
        await using (var broker = await TestBroker.StartAsync(directory, keepFolder: true))
        {
            await broker.CreateAsync("t", config: new() { ["cleanup.policy"] = "compact" });
            using var admin = broker.Admin();
            var entry = new ConfigEntry { Name = "max.message.bytes", Value = "2000", IncrementalOperation = AlterConfigOpType.Set };
            await admin.IncrementalAlterConfigsAsync(new() { [resource] = [entry] });
        }

        await using var again = await TestBroker.StartAsync(directory);
        using var reader = again.Admin();
        var entries = (await reader.DescribeConfigsAsync([resource]))[0].Entries;
        entries["max.message.bytes"].Value.ShouldBe("2000");
        entries["cleanup.policy"].Value.ShouldBe("compact");
    }
}
