using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>
/// Requests of real clients, damaged, sent to a broker that must neither fail nor spend memory on them.
/// Set COMMERCE_TEST_FUZZ_FRAMES for more than the few of an ordinary run.
/// </summary>
public sealed class DamagedRequestTests
{
    private const long BytesPerFrame = 400_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerWait = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Damaged_requests_of_real_clients_do_no_harm()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("COMMERCE_TEST_FUZZ_FRAMES"), out var asked) ? asked : 2_000;
        var frames = await RecordedAsync();
        frames.Select(frame => (frame[0] << 8) | frame[1]).Distinct().Count().ShouldBeGreaterThan(20, "types of requests");
        using var faults = new FaultCounter();
        await using var broker = await TestBroker.StartAsync(with: options => options with { LoggerFactory = faults, MaxConnections = 5_000, MaxPartitions = 500 });
        var choice = new Random(1);
        var before = GC.GetTotalAllocatedBytes();
        for (var i = 0; i < count; i++)
        {
            var damaged = new FrameMutator(i).Damage(frames[choice.Next(frames.Count)], frames[choice.Next(frames.Count)]);
            using var client = await RawClient.ConnectAsync(broker);
            await client.SendAsync(damaged);
            // Most are answered or refused at once; a fetch or a join may wait, and is left waiting.
            await Task.WhenAny(client.ReceiveAsync(), Task.Delay(AnswerWait, BrokerClients.Ended));
        }

        faults.Messages.ShouldBeEmpty();
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(count * BytesPerFrame, "a small frame must not cost much memory");
        using (var admin = broker.Admin())
            await admin.DeleteTopicsAsync(admin.GetMetadata(Patience).Topics.Select(topic => topic.Topic));
        using var producer = broker.Producer();
        await producer.ProduceAsync("healthy", new Message<string, string> { Value = "v" }, BrokerClients.Ended);
        broker.ReadAll("healthy").ShouldHaveSingleItem();
    }

    private static async Task<List<byte[]>> RecordedAsync()
    {
        await using var broker = await TestBroker.StartAsync(with: options => options with { AdvertisedHost = FrameRecorder.Host });
        await using var recorder = new FrameRecorder(broker.Server.Port);
        using var admin = broker.Admin();
        await broker.CreateAsync("t", 2);
        using var producer = broker.Transactional("id", config => config.CompressionType = CompressionType.Lz4);
        using var consumer = broker.Consumer("g", config => config.HeartbeatIntervalMs = 50);
        consumer.Subscribe("t");
        using (var feed = broker.Producer())
            await feed.ProduceAsync("t", new Message<string, string> { Value = "first" }, BrokerClients.Ended);
        consumer.Consume(Patience).ShouldNotBeNull();
        producer.InitTransactions(Patience);
        for (var commits = true; ; commits = false)
        {
            producer.BeginTransaction();
            producer.Produce("t", new Message<string, string> { Key = "k", Value = "v" });
            producer.SendOffsetsToTransaction([new TopicPartitionOffset("t", 0, 0)], consumer.ConsumerGroupMetadata, Patience);
            if (!commits)
                break;
            producer.CommitTransaction(Patience);
            consumer.Commit(consumer.Consume(Patience));
        }

        producer.AbortTransaction(Patience);
        await AdministerAsync(admin, consumer);
        return [.. recorder.Frames];
    }

    private static async Task AdministerAsync(IAdminClient admin, IConsumer<string, string> consumer)
    {
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = "t" };
        var latest = new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition("t", 0), OffsetSpec = OffsetSpec.Latest() };
        await admin.DescribeConfigsAsync([resource]);
        await admin.IncrementalAlterConfigsAsync(new()
        {
            [resource] = [new ConfigEntry { Name = "retention.ms", Value = "100000", IncrementalOperation = AlterConfigOpType.Set }],
        });
        await admin.DescribeClusterAsync();
        await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["t"]));
        await admin.DescribeConsumerGroupsAsync(["g"]);
        await admin.ListConsumerGroupsAsync();
        await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions("g", null)]);
        await admin.ListOffsetsAsync([latest]);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "t", IncreaseTo = 3 }]);
        await admin.DeleteRecordsAsync([new TopicPartitionOffset("t", 0, 0)]);
        consumer.Close();
        await admin.DeleteConsumerGroupOffsetsAsync("g", [new TopicPartition("t", 0)]);
        await admin.DeleteGroupsAsync(["g"]);
        await admin.DeleteTopicsAsync(["t"]);
    }
}
