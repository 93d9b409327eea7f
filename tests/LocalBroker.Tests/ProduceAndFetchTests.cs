using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class ProduceAndFetchTests
{
    [Fact]
    public async Task A_record_comes_back_with_its_key_value_headers_time_and_offset()
    {
        await using var broker = await TestBroker.StartAsync();
        using var producer = broker.Producer();
        var headers = new Headers { { "trace", [1, 2, 3] } };
        var time = new Timestamp(1_700_000_000_123, TimestampType.CreateTime);
        var sent = await producer.ProduceAsync("first", new Message<string, string> { Key = "k", Value = "v", Headers = headers, Timestamp = time }, TestBroker.Ended);
        sent.Offset.Value.ShouldBe(0);

        var read = broker.ReadAll("first").ShouldHaveSingleItem();
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
        await using var broker = await TestBroker.StartAsync();
        using var producer = broker.Producer(config =>
        {
            config.CompressionType = codec;
            config.LingerMs = 5;
        });
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            producer.ProduceAsync(new TopicPartition("packed", 0), Message($"{i}", new string('x', 100)), TestBroker.Ended)));
        broker.ReadAll("packed").Select(read => read.Message.Key).ShouldBe(Enumerable.Range(0, 500).Select(i => $"{i}"));
    }

    [Theory]
    [InlineData(Acks.None)]
    [InlineData(Acks.Leader)]
    [InlineData(Acks.All)]
    public async Task Every_kind_of_acknowledgement_is_served(Acks acks)
    {
        await using var broker = await TestBroker.StartAsync();
        using (var producer = broker.Producer(config => config.Acks = acks))
        {
            for (var i = 0; i < 10; i++)
                producer.Produce("acks", Message($"{i}", "v"));
            producer.Flush(TestBroker.Ended);
        }

        using var consumer = broker.Consumer("acks");
        consumer.Subscribe("acks");
        for (var i = 0; i < 10; i++)
            consumer.Consume(TimeSpan.FromSeconds(10)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(FlushPolicy.Interval)]
    [InlineData(FlushPolicy.EachWrite)]
    public async Task Stricter_flush_policies_serve_records_offsets_and_transactions_too(FlushPolicy policy)
    {
        await using var broker = await TestBroker.StartAsync(with: options => options with { Flush = policy, FlushInterval = TimeSpan.FromMilliseconds(5) });
        using var producer = broker.Transactional("t");
        producer.InitTransactions(TimeSpan.FromSeconds(10));
        producer.BeginTransaction();
        for (var i = 0; i < 20; i++)
            producer.Produce("flushed", Message($"{i}", "v"));
        producer.CommitTransaction(TimeSpan.FromSeconds(10));
        broker.ReadAll("flushed").Count.ShouldBe(20);
    }

    [Fact]
    public async Task A_waiting_consumer_is_woken_by_the_record_and_not_by_the_end_of_its_wait()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("wake");
        using var producer = broker.Producer();
        using var consumer = broker.Consumer("wake", config => config.FetchWaitMaxMs = 20_000);
        consumer.Assign(new TopicPartitionOffset("wake", 0, Offset.Beginning));
        consumer.Consume(TimeSpan.FromMilliseconds(300)).ShouldBeNull();

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await producer.ProduceAsync("wake", Message("k", "v"), TestBroker.Ended);
        consumer.Consume(TimeSpan.FromSeconds(15)).ShouldNotBeNull();
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_batch_larger_than_the_fetch_limit_still_comes_whole()
    {
        await using var broker = await TestBroker.StartAsync();
        using var producer = broker.Producer();
        var large = new string('y', 900_000);
        await producer.ProduceAsync(new TopicPartition("large", 0), Message("a", large), TestBroker.Ended);
        await producer.ProduceAsync(new TopicPartition("large", 0), Message("b", large), TestBroker.Ended);
        using var consumer = broker.Consumer("large", config =>
        {
            config.FetchMaxBytes = 1_000_000;
            config.MessageMaxBytes = 1_000_000;
            config.MaxPartitionFetchBytes = 1_000;
        });
        consumer.Assign(new TopicPartitionOffset("large", 0, Offset.Beginning));
        consumer.Consume(TimeSpan.FromSeconds(10)).Message.Key.ShouldBe("a");
        consumer.Consume(TimeSpan.FromSeconds(10)).Message.Key.ShouldBe("b");
    }

    [Fact]
    public async Task A_batch_above_the_topics_limit_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        using var producer = broker.Producer(config => config.MessageMaxBytes = 3_000_000);
        var refused = await Should.ThrowAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync("small", Message("k", new string('z', 2_000_000)), TestBroker.Ended));
        refused.Error.Code.ShouldBe(ErrorCode.MsgSizeTooLarge);
    }

    [Fact]
    public async Task Offsets_are_found_by_time()
    {
        await using var broker = await TestBroker.StartAsync();
        using var producer = broker.Producer();
        for (var i = 0; i < 20; i++)
            await producer.ProduceAsync(new TopicPartition("times", 0), At(1_000_000 + (i * 1_000)), TestBroker.Ended);
        using var consumer = broker.Consumer("times");
        Offset At1(long ms) => consumer.OffsetsForTimes([new TopicPartitionTimestamp("times", 0, new Timestamp(ms, TimestampType.CreateTime))], TimeSpan.FromSeconds(10))[0].Offset;
        At1(0).Value.ShouldBe(0);
        At1(1_005_000).Value.ShouldBe(5);
        At1(1_005_001).Value.ShouldBe(6);
        At1(9_000_000).ShouldBe(Offset.End);
    }

    private static Message<string, string> Message(string key, string value) => new() { Key = key, Value = value };

    private static Message<string, string> At(long ms) =>
        new() { Key = "k", Value = "v", Timestamp = new Timestamp(ms, TimestampType.CreateTime) };
}
