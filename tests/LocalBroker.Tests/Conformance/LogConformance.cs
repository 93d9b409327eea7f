using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

/// <summary>What becomes of a log: its start moves, its offsets are asked for, old values of a key go.</summary>
public sealed class LogConformance(BrokerUnderTest broker)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Records_before_an_offset_can_be_deleted()
    {
        var topic = await FilledAsync(10);
        using var admin = broker.Admin();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 7)]);
        broker.ReadAll(topic).Select(read => read.Message.Value).ShouldBe(["7", "8", "9"]);
        (await OffsetAsync(admin, topic, OffsetSpec.Earliest())).ShouldBe(7);
        (await Should.ThrowAsync<DeleteRecordsException>(() => admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 11)])))
            .Results[0].Error.Code.ShouldBe(ErrorCode.OffsetOutOfRange);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(99)]
    public async Task An_offset_that_is_not_there_is_out_of_range(long offset)
    {
        var topic = await FilledAsync(10);
        using var admin = broker.Admin();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 5)]);
        using var consumer = broker.Consumer(BrokerClients.Unique("group"), config => config.AutoOffsetReset = AutoOffsetReset.Error);
        consumer.Assign(new TopicPartitionOffset(topic, 0, offset));
        Should.Throw<ConsumeException>(() => consumer.Consume(Patience)).Error.Code.ShouldBe(ErrorCode.Local_AutoOffsetReset);
    }

    [Fact]
    public async Task The_record_with_the_latest_time_is_found_wherever_it_is()
    {
        var topic = await broker.NewTopicAsync(config: new() { ["retention.ms"] = "-1" });
        using var producer = broker.Producer();
        foreach (var ms in new[] { 5_000, 9_000, 7_000 })
            await producer.ProduceAsync(topic, new Message<string, string> { Value = "v", Timestamp = At(ms) }, BrokerClients.Ended);
        using var admin = broker.Admin();
        (await OffsetAsync(admin, topic, OffsetSpec.MaxTimestamp())).ShouldBe(1);
        (await OffsetAsync(admin, topic, OffsetSpec.ForTimestamp(8_000))).ShouldBe(1);
        (await OffsetAsync(admin, topic, OffsetSpec.Latest())).ShouldBe(3);
    }

    [Fact]
    public async Task A_record_of_long_ago_is_refused_only_where_the_topic_says_so()
    {
        var old = new Message<string, string> { Value = "v", Timestamp = new Timestamp(TimeProvider.System.GetUtcNow().AddHours(-2)) };
        using var producer = broker.Producer();
        await producer.ProduceAsync(await broker.NewTopicAsync(), old, BrokerClients.Ended);
        var current = await broker.NewTopicAsync(config: new() { ["message.timestamp.before.max.ms"] = "3600000" });
        (await Should.ThrowAsync<ProduceException<string, string>>(() => producer.ProduceAsync(current, old, BrokerClients.Ended)))
            .Error.Code.ShouldBe(ErrorCode.InvalidTimestamp);
    }

    [Fact]
    public async Task A_record_from_the_future_is_refused_unless_the_topic_allows_it()
    {
        var ahead = new Message<string, string> { Value = "v", Timestamp = new Timestamp(TimeProvider.System.GetUtcNow().AddHours(2)) };
        using var producer = broker.Producer();
        var topic = await broker.NewTopicAsync();
        (await Should.ThrowAsync<ProduceException<string, string>>(() => producer.ProduceAsync(topic, ahead, BrokerClients.Ended)))
            .Error.Code.ShouldBe(ErrorCode.InvalidTimestamp);
        var patient = await broker.NewTopicAsync(config: new() { ["message.timestamp.after.max.ms"] = "90000000" });
        await producer.ProduceAsync(patient, ahead, BrokerClients.Ended);
        var stamping = await broker.NewTopicAsync(config: new() { ["message.timestamp.type"] = "LogAppendTime" });
        await producer.ProduceAsync(stamping, ahead, BrokerClients.Ended);
    }

    [Fact]
    public async Task A_topic_may_stamp_records_when_they_are_appended()
    {
        var topic = await broker.NewTopicAsync(config: new() { ["message.timestamp.type"] = "LogAppendTime" });
        using var producer = broker.Producer();
        await producer.ProduceAsync(topic, new Message<string, string> { Value = "v", Timestamp = At(5_000) }, BrokerClients.Ended);
        var read = broker.ReadAll(topic).ShouldHaveSingleItem().Message.Timestamp;
        read.Type.ShouldBe(TimestampType.LogAppendTime);
        read.UnixTimestampMs.ShouldBeGreaterThan(1_700_000_000_000);
    }

    [Fact]
    public async Task A_compacted_topic_keeps_the_latest_value_of_each_key_and_its_offset()
    {
        var topic = await broker.NewTopicAsync(config: new()
        {
            ["cleanup.policy"] = "compact",
            ["segment.ms"] = "100",
            ["min.cleanable.dirty.ratio"] = "0.01",
            ["delete.retention.ms"] = "100000",
        });
        using var producer = broker.Producer();
        for (var i = 0; i < 30; i++)
            await producer.ProduceAsync(topic, new Message<string, string> { Key = $"{i % 3}", Value = i == 28 ? null! : $"{i}" }, BrokerClients.Ended);

        // Only closed segments are compacted, and a segment is closed by a record that comes later than segment.ms.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        List<ConsumeResult<string, string>> read;
        do
        {
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(40));
            await producer.ProduceAsync(topic, new Message<string, string> { Key = "closing", Value = "" }, BrokerClients.Ended);
            read = [.. broker.ReadAll(topic).Where(record => record.Message.Key != "closing")];
        }
        while (read.Count > 3);

        read.Select(record => (record.Message.Key, record.Message.Value, record.Offset.Value))
            .ShouldBe([("0", "27", 27L), ("1", null!, 28L), ("2", "29", 29L)]);
    }

    [Fact]
    public async Task A_compacted_topic_refuses_records_without_a_key()
    {
        var topic = await broker.NewTopicAsync(config: new() { ["cleanup.policy"] = "compact" });
        using var producer = broker.Producer();
        (await Should.ThrowAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync(topic, new Message<string, string> { Value = "v" }, BrokerClients.Ended)))
            .Error.Code.ShouldBe(ErrorCode.InvalidRecord);
    }

    private async Task<string> FilledAsync(int records)
    {
        var topic = await broker.NewTopicAsync();
        using var producer = broker.Producer();
        for (var i = 0; i < records; i++)
            await producer.ProduceAsync(topic, new Message<string, string> { Key = "k", Value = $"{i}" }, BrokerClients.Ended);
        return topic;
    }

    private static async Task<long> OffsetAsync(IAdminClient admin, string topic, OffsetSpec spec) =>
        (await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, 0), OffsetSpec = spec }]))
        .ResultInfos[0].TopicPartitionOffsetError.Offset.Value;

    private static Timestamp At(long ms) => new(ms, TimestampType.CreateTime);
}
