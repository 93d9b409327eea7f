using System.Globalization;
using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Tests.Kafka;

/// <summary>A counting topology's topics on a real broker: feed them, wait for the workers, compare with the model.</summary>
internal sealed class CountingRun : IDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan ViewWaitMax = TimeSpan.FromSeconds(20);

    private readonly KafkaFixture _kafka;
    private readonly CachedSchemaRegistryClient _registry;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly ISerializer<Tally> _serializer;
    private readonly IDeserializer<Tally> _deserializer;
    private readonly IDeserializer<Commerce.Processing.DeadLetter> _letterDeserializer;

    private CountingRun(KafkaFixture kafka, CountingTopology topology)
    {
        _kafka = kafka;
        Topology = topology;
        _registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        _serializer = new AvroSerializer<Tally>(_registry, new AvroSerializerConfig { AutoRegisterSchemas = false }).AsSyncOverAsync();
        _deserializer = new AvroDeserializer<Tally>(_registry).AsSyncOverAsync();
        _letterDeserializer = new AvroDeserializer<Commerce.Processing.DeadLetter>(_registry).AsSyncOverAsync();
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(kafka.ClientProperties)
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 1,
        }).Build();
    }

    public CountingTopology Topology { get; }

    public static async Task<CountingRun> CreateAsync(KafkaFixture kafka, int partitions = 4)
    {
        var topology = new CountingTopology($"test.count-{Guid.NewGuid():N}", partitions);
        using var provisioner = new Provisioner(kafka.ClientProperties, kafka.RegistryProperties);
        await provisioner.ProvisionAsync([.. topology.Build().AllTopics]);
        return new CountingRun(kafka, topology);
    }

    /// <summary>Sends records of random keys, some of them poison of either kind; waits for their acknowledgement.</summary>
    public void Feed(Random random, int records, int keys, double poison = 0)
    {
        for (var index = 0; index < records; index++)
        {
            var key = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"key-{random.Next(keys)}"));
            var value = random.NextDouble() switch
            {
                var roll when roll < poison / 2 => [7, 7, 7],
                var roll when roll < poison => Bytes(Tally.Of(1_000_000, CountingTopology.Poison)),
                _ => Bytes(Tally.Of(random.Next(1, 100))),
            };
            _producer.Produce(Topology.Input.Name, new Message<byte[], byte[]> { Key = key, Value = value });
        }

        _producer.Flush(WaitMax);
    }

    /// <summary>Waits until every record fed is accounted for, as an output or as a dead letter.</summary>
    public async Task<CountingResult> ResultAsync(CancellationToken stopWaiting = default, Action? whileWaiting = null)
    {
        var expected = CountingModel.Of(ReadAll(Topology.Input), Decode);
        using var timeout = new CancellationTokenSource(WaitMax);
        while (true)
        {
            var outputs = ReadAll(Topology.Output);
            var letters = ReadAll(Topology.DeadLetters);
            var isOver = stopWaiting.CanBeCanceled ? stopWaiting.IsCancellationRequested : timeout.IsCancellationRequested;
            if (outputs.Count + letters.Count >= expected.Records || isOver)
                return new CountingResult(expected, outputs, letters, ReadAll(Topology.Counts.Changelog), Decode, DecodeLetter);
            whileWaiting?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
    }

    /// <summary>Redis shows what the model says, as soon as the last write has arrived.</summary>
    public async Task ViewShouldEqualAsync(RedisFixture redis, CountingModel expected)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        using var timeout = new CancellationTokenSource(ViewWaitMax);
        while (true)
        {
            var shown = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var key in expected.Totals.Keys)
            {
                if ((await connection.GetDatabase().HashGetAsync(Topology.ViewPrefix + key, "count")).TryParse(out long count))
                    shown.Add(key, count);
            }

            if (timeout.IsCancellationRequested || shown.Count == expected.Totals.Count && shown.All(entry => expected.Totals[entry.Key] == entry.Value))
            {
                shown.OrderBy(entry => entry.Key, StringComparer.Ordinal).ShouldBe(expected.Totals.OrderBy(entry => entry.Key, StringComparer.Ordinal));
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _producer.Dispose();
        _registry.Dispose();
    }

    private byte[] Bytes(Tally tally) => _serializer.Serialize(tally, new SerializationContext(MessageComponentType.Value, Topology.Input.Name));

    private Tally? Decode(byte[] bytes)
    {
        try
        {
            return _deserializer.Deserialize(bytes, isNull: false, new SerializationContext(MessageComponentType.Value, Topology.Input.Name));
        }
        catch (Exception)
        {
            return null;
        }
    }

    private Commerce.Processing.DeadLetter DecodeLetter(byte[] bytes) =>
        _letterDeserializer.Deserialize(bytes, isNull: false, new SerializationContext(MessageComponentType.Value, Topology.DeadLetters.Name));

    /// <summary>Everything committed in a topic, from the start to its end.</summary>
    private List<ConsumeResult<byte[], byte[]>> ReadAll(Topic topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig(_kafka.ClientProperties)
        {
            GroupId = "test.reader",
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnablePartitionEof = true,
            FetchWaitMaxMs = 10,
        }).Build();
        consumer.Assign(Enumerable.Range(0, topic.Partitions).Select(partition => new TopicPartitionOffset(topic.Name, partition, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[], byte[]>>();
        for (var open = topic.Partitions; open > 0;)
        {
            if (consumer.Consume(WaitMax) is not { } result)
                throw new TimeoutException($"no end of {topic.Name}");
            if (result.IsPartitionEOF)
                open--;
            else
                records.Add(result);
        }

        return records;
    }
}
