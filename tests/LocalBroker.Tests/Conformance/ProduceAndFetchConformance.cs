using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

public sealed class ProduceAndFetchConformance(BrokerUnderTest broker)
{
    [Fact]
    public async Task A_record_comes_back_with_its_key_value_headers_time_and_offset()
    {
        // The times are old, and would be deleted at once.
        var topic = await broker.NewTopicAsync(config: new() { ["retention.ms"] = "-1" });
        using var producer = broker.Producer();
        var headers = new Headers { { "trace", [1, 2, 3] } };
        var time = new Timestamp(1_700_000_000_123, TimestampType.CreateTime);
        var sent = await producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = "v", Headers = headers, Timestamp = time }, BrokerClients.Ended);
        sent.Offset.Value.ShouldBe(0);

        var read = broker.ReadAll(topic).ShouldHaveSingleItem();
        read.Message.Key.ShouldBe("k");
        read.Message.Value.ShouldBe("v");
        read.Message.Timestamp.ShouldBe(time);
        read.Message.Headers[0].GetValueBytes().ShouldBe([1, 2, 3]);
        read.TopicPartitionOffset.ShouldBe(sent.TopicPartitionOffset);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Every_codec_passes_through(CompressionType codec)
    {
        var topic = BrokerClients.Unique("topic");
        using var producer = broker.Producer(config =>
        {
            config.CompressionType = codec;
            config.LingerMs = 5;
        });
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            producer.ProduceAsync(new TopicPartition(topic, 0), Message($"{i}", new string('x', 100)), BrokerClients.Ended)));
        broker.ReadAll(topic).Select(read => read.Message.Key).ShouldBe(Enumerable.Range(0, 500).Select(i => $"{i}"));
    }

    [Theory]
    [InlineData(Acks.None)]
    [InlineData(Acks.Leader)]
    [InlineData(Acks.All)]
    public async Task Every_kind_of_acknowledgement_is_served(Acks acks)
    {
        var topic = await broker.NewTopicAsync();
        using (var producer = broker.Producer(config => config.Acks = acks))
        {
            for (var i = 0; i < 10; i++)
                producer.Produce(topic, Message($"{i}", "v"));
            producer.Flush(BrokerClients.Ended);
        }

        using var consumer = broker.Consumer(topic);
        consumer.Subscribe(topic);
        for (var i = 0; i < 10; i++)
            consumer.Consume(TimeSpan.FromSeconds(10)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_waiting_consumer_is_woken_by_the_record_and_not_by_the_end_of_its_wait()
    {
        var topic = await broker.NewTopicAsync();
        using var producer = broker.Producer();
        using var consumer = broker.Consumer(topic, config => config.FetchWaitMaxMs = 20_000);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        consumer.Consume(TimeSpan.FromMilliseconds(300)).ShouldBeNull();

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await producer.ProduceAsync(topic, Message("k", "v"), BrokerClients.Ended);
        consumer.Consume(TimeSpan.FromSeconds(15)).ShouldNotBeNull();
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_batch_larger_than_the_fetch_limit_still_comes_whole()
    {
        var topic = BrokerClients.Unique("topic");
        using var producer = broker.Producer();
        var large = new string('y', 900_000);
        await producer.ProduceAsync(new TopicPartition(topic, 0), Message("a", large), BrokerClients.Ended);
        await producer.ProduceAsync(new TopicPartition(topic, 0), Message("b", large), BrokerClients.Ended);
        using var consumer = broker.Consumer(topic, config =>
        {
            config.FetchMaxBytes = 1_000_000;
            config.MessageMaxBytes = 1_000_000;
            config.MaxPartitionFetchBytes = 1_000;
        });
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        consumer.Consume(TimeSpan.FromSeconds(10)).Message.Key.ShouldBe("a");
        consumer.Consume(TimeSpan.FromSeconds(10)).Message.Key.ShouldBe("b");
    }

    [Fact]
    public async Task A_batch_above_the_topics_limit_is_refused()
    {
        var topic = BrokerClients.Unique("topic");
        using var producer = broker.Producer(config => config.MessageMaxBytes = 3_000_000);
        var refused = await Should.ThrowAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync(topic, Message("k", new string('z', 2_000_000)), BrokerClients.Ended));
        refused.Error.Code.ShouldBe(ErrorCode.MsgSizeTooLarge);
    }

    [Fact]
    public async Task Offsets_are_found_by_time()
    {
        var topic = await broker.NewTopicAsync(config: new() { ["retention.ms"] = "-1" });
        using var producer = broker.Producer();
        for (var i = 0; i < 20; i++)
            await producer.ProduceAsync(new TopicPartition(topic, 0), At(1_000_000 + (i * 1_000)), BrokerClients.Ended);
        using var consumer = broker.Consumer(topic);
        Offset At1(long ms) => consumer.OffsetsForTimes([new TopicPartitionTimestamp(topic, 0, new Timestamp(ms, TimestampType.CreateTime))], TimeSpan.FromSeconds(10))[0].Offset;
        At1(0).Value.ShouldBe(0);
        At1(1_005_000).Value.ShouldBe(5);
        At1(1_005_001).Value.ShouldBe(6);
        At1(9_000_000).ShouldBe(Offset.End);
    }

    private static Message<string, string> Message(string key, string value) => new() { Key = key, Value = value };

    private static Message<string, string> At(long ms) =>
        new() { Key = "k", Value = "v", Timestamp = new Timestamp(ms, TimestampType.CreateTime) };
}
