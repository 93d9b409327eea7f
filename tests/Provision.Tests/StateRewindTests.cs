using System.Text;
using Commerce.Consent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Commerce.Streaming.Provision.Rewind;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.Testing;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Tests;

[Collection(GrowingPlatform.Alone)]
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
        var place = new TopicPartition(input.Name, 0);
        using var cluster = new KafkaCluster(kafka.ClientProperties, TimeProvider.System);
        cluster.Commit(group, [new TopicPartitionOffset(place, 4)]);

        var rewind = new StateRewind(cluster, [state, input]);
        rewind.Run(Then, TimeSpan.FromSeconds(60), Token).ShouldBe(new StateRewindResult(Keys: 3, Offsets: 1));
        State(state).ShouldBe(new Dictionary<string, string?> { ["kept"] = "1", ["changed"] = "2", ["deleted"] = "1", ["new"] = null }, ignoreOrder: true);
        cluster.Committed(group, [place])[place].Value.ShouldBe(1);

        // Once more, as after a crash in the middle.
        rewind.Run(Then, TimeSpan.FromSeconds(60), Token).ShouldBe(new StateRewindResult(Keys: 3, Offsets: 0));
        State(state).ShouldBe(new Dictionary<string, string?> { ["kept"] = "1", ["changed"] = "2", ["deleted"] = "1", ["new"] = null }, ignoreOrder: true);
    }

    [Fact]
    public async Task It_touches_nothing_while_a_service_runs()
    {
        var run = Guid.NewGuid().ToString("N");
        var state = await CreateAsync($"test.{run}.changelog.v1", "compact");
        await WriteAsync(state, ("changed", "1", -8), ("changed", "2", 1));
        using var service = new ConsumerBuilder<string, string>(new ConsumerConfig(kafka.ClientProperties) { GroupId = $"commerce.{run}" }).Build();
        service.Subscribe(state.Name);
        while (service.Assignment.Count == 0)
            service.Consume(TimeSpan.FromMilliseconds(20));

        using var cluster = new KafkaCluster(kafka.ClientProperties, TimeProvider.System);
        Should.Throw<ProvisioningException>(() => new StateRewind(cluster, [state]).Run(Then, TimeSpan.FromSeconds(60), Token)).Message.ShouldContain($"commerce.{run}");
        State(state)["changed"].ShouldBe("2");
        service.Close();
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
