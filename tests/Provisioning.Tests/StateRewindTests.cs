using System.Text;
using Commerce.Consent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Provisioning.Tests;

public sealed class StateRewindTests(KafkaFixture kafka)
{
    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()).AddMinutes(-5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_is_what_it_was_and_inputs_are_read_again_from_before()
    {
        var run = Guid.NewGuid().ToString("N");
        var state = await CreateAsync($"test.{run}.changelog.v1", "compact");
        var input = await CreateAsync($"test.{run}.input", "delete");
        await WriteAsync(
            state, ("kept", "1", -9), ("changed", "1", -8), ("changed", "2", 0), ("deleted", "1", -7), ("changed", "3", 1), ("new", "1", 2), ("deleted", null, 3));
        await WriteAsync(input, ("a", "1", -100), ("b", "2", -50), ("c", "3", -5), ("d", "4", 5));
        var group = $"commerce.{run}";
        var far = await CommitAsync(group, input, 4);

        var rewind = new StateRewind(kafka.ClientProperties, TimeSpan.FromSeconds(20));
        (await rewind.RunAsync([state, input], Then, TimeSpan.FromSeconds(60), Token)).ShouldBe(new StateRewindResult(Keys: 3, Offsets: 1));
        State(state).ShouldBe(new Dictionary<string, string?> { ["kept"] = "1", ["changed"] = "2", ["deleted"] = "1", ["new"] = null }, ignoreOrder: true);
        (await CommittedAsync(group, far)).ShouldBe(1);

        // Once more, as after a crash in the middle.
        (await rewind.RunAsync([state, input], Then, TimeSpan.FromSeconds(60), Token)).ShouldBe(new StateRewindResult(Keys: 3, Offsets: 0));
        State(state).ShouldBe(new Dictionary<string, string?> { ["kept"] = "1", ["changed"] = "2", ["deleted"] = "1", ["new"] = null }, ignoreOrder: true);
    }

    private async Task<Topic> CreateAsync(string name, string policy)
    {
        var topic = new Topic<ConsentState>(name, ConsentState._SCHEMA)
        {
            Owner = "tests", KeyMeaning = "none", Partitions = 1, CleanupPolicy = policy, Retention = null, Pii = "none", Doc = "For one test.",
        };
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);
        await provisioner.ProvisionAsync([topic], Token);
        return topic;
    }

    /// <param name="records">Key, value, seconds after <see cref="Then"/>.</param>
    private async Task WriteAsync(Topic topic, params (string Key, string? Value, int Seconds)[] records)
    {
        using var producer = new ProducerBuilder<string, string?>(new ProducerConfig(kafka.ClientProperties)).SetValueSerializer(Text.Instance).Build();
        foreach (var (key, value, seconds) in records)
            await producer.ProduceAsync(
                topic.Name, new Message<string, string?> { Key = key, Value = value, Timestamp = new Timestamp(Then.AddSeconds(seconds)) }, Token);
    }

    private async Task<TopicPartition> CommitAsync(string group, Topic topic, long next)
    {
        using var admin = new AdminClientBuilder(kafka.ClientProperties).Build();
        var place = new TopicPartition(topic.Name, 0);
        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(group, [new TopicPartitionOffset(place, next)])]);
        return place;
    }

    private async Task<long> CommittedAsync(string group, TopicPartition place)
    {
        using var admin = new AdminClientBuilder(kafka.ClientProperties).Build();
        return (await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, [place])])).Single().Partitions.Single().Offset.Value;
    }

    private Dictionary<string, string?> State(Topic topic)
    {
        using var consumer = new ConsumerBuilder<string, string?>(new ConsumerConfig(kafka.ClientProperties) { GroupId = "state", EnablePartitionEof = true })
            .SetValueDeserializer(Text.Instance).Build();
        consumer.Assign(new TopicPartitionOffset(topic.Name, 0, Offset.Beginning));
        var state = new Dictionary<string, string?>();
        while (consumer.Consume(Token) is { IsPartitionEOF: false } record)
            state[record.Message.Key] = record.Message.Value;
        return state;
    }

    private sealed class Text : ISerializer<string?>, IDeserializer<string?>
    {
        public static readonly Text Instance = new();

        public byte[]? Serialize(string? data, SerializationContext context) => data is null ? null : Encoding.UTF8.GetBytes(data);

        public string? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => isNull ? null : Encoding.UTF8.GetString(data);
    }
}
