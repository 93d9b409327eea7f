using System.Globalization;
using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provisioning;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Rig.Counting;

/// <summary>A counting topology's topics on a real broker: feed them, wait for the workers, compare with the model.</summary>
public sealed class CountingRun : IDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan FlushWaitMax = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ViewWaitMax = TimeSpan.FromSeconds(20);

    private readonly Addresses _servers;
    private int _undelivered;
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private readonly CachedSchemaRegistryClient _registry;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly ISerializer<Tally> _serializer;
    private readonly IDeserializer<Tally> _deserializer;
    private readonly IDeserializer<Commerce.Processing.DeadLetter> _letterDeserializer;

    private CountingRun(Addresses servers, CountingTopology topology)
    {
        _servers = servers;
        Topology = topology;
        _registry = new CachedSchemaRegistryClient(servers.RegistryProperties);
        _serializer = new AvroSerializer<Tally>(_registry, new AvroSerializerConfig { AutoRegisterSchemas = false }).AsSyncOverAsync();
        _deserializer = new AvroDeserializer<Tally>(_registry).AsSyncOverAsync();
        _letterDeserializer = new AvroDeserializer<Commerce.Processing.DeadLetter>(_registry).AsSyncOverAsync();
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(servers.ClientProperties)
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 1,
            MessageTimeoutMs = (int)FlushWaitMax.TotalMilliseconds,
        })
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
    }

    public CountingTopology Topology { get; }

    public static async Task<CountingRun> CreateAsync(Addresses servers, int partitions = 4, bool isParking = false)
    {
        var topology = new CountingTopology($"test.count-{Guid.NewGuid():N}", partitions, isParking);
        using var provisioner = new Provisioner(servers.ClientProperties, servers.RegistryProperties);
        await provisioner.ProvisionAsync([.. topology.Build().AllTopics]);
        return new CountingRun(servers, topology);
    }

    /// <summary>Sends records of random keys, some of them poison of either kind, some twice; waits for their acknowledgement.</summary>
    public void Feed(Random random, int records, int keys, double poison = 0, double repeated = 0)
    {
        Offer(random, records, keys, poison, repeated);
        Flush();
    }

    /// <summary>As <see cref="Feed"/> without waiting: the producer delivers while brokers come and go.</summary>
    public void Offer(Random random, int records, int keys, double poison, double repeated)
    {
        for (var index = 0; index < records; index++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"key-{random.Next(keys)}");
            var value = random.NextDouble() switch
            {
                var roll when roll < poison / 2 => [7, 7, 7],
                var roll when roll < poison => Bytes(Tally.Of(1_000_000, CountingTopology.Poison)),
                _ => Bytes(Tally.Of(random.Next(1, 100), NextSequence(key))),
            };
            for (var sent = 0; sent < (random.NextDouble() < repeated ? 2 : 1); sent++)
                _producer.Produce(Topology.Input.Name, new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = value }, Delivered);
        }
    }

    /// <summary>Waits until everything offered has been acknowledged.</summary>
    public void Flush()
    {
        _producer.Flush(FlushWaitMax);
        if (_undelivered > 0)
            throw new InvalidOperationException($"{_undelivered} records were not delivered");
    }

    /// <summary>Waits until every record fed is accounted for, as an output or as a dead letter.</summary>
    public async Task<CountingResult> ResultAsync(TimeSpan? waitMax = null)
    {
        var expected = CountingModel.Of(ReadAll(Topology.Input), Decode, Topology.IsParking);
        using var timeout = new CancellationTokenSource(waitMax ?? WaitMax);
        while (true)
        {
            var outputs = ReadAll(Topology.Output);
            var letters = ReadAll(Topology.DeadLetters);
            if (outputs.Count + (Topology.IsParking ? 0 : letters.Count) >= expected.Answers || timeout.IsCancellationRequested)
                return new CountingResult(expected, outputs, letters, ReadAll(Topology.Counts.Changelog), Decode, DecodeLetter);
            // Each look makes a consumer for every topic.
            await Task.Delay(LookInterval, CancellationToken.None);
        }
    }

    /// <summary>Redis shows what the model says and nothing else, as soon as the last write has arrived. Empty when so.</summary>
    public async Task<IReadOnlyList<string>> ViewDifferencesAsync(CountingModel expected)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(_servers.RedisConfiguration);
        using var timeout = new CancellationTokenSource(ViewWaitMax);
        while (true)
        {
            var differences = await DifferencesAsync(connection, expected);
            if (timeout.IsCancellationRequested || differences.Count == 0)
                return differences;
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }

    private async Task<List<string>> DifferencesAsync(ConnectionMultiplexer connection, CountingModel expected)
    {
        var differences = new List<string>();
        foreach (var (key, total) in expected.Totals)
        {
            var shown = await connection.GetDatabase().HashGetAsync(Topology.ViewPrefix + key, "count");
            if (shown != total)
                differences.Add($"Redis shows {shown} for {key} instead of {total}");
        }

        var server = connection.GetServer(connection.GetEndPoints()[0]);
        await foreach (var key in server.KeysAsync(pattern: Topology.ViewPrefix + "*"))
        {
            var stateKey = key.ToString()[Topology.ViewPrefix.Length..];
            // Watermark and index of the view itself.
            if (!stateKey.StartsWith('#') && !expected.Totals.ContainsKey(stateKey))
                differences.Add($"Redis shows {key}, which has no state");
        }

        return differences;
    }

    public void Dispose()
    {
        _producer.Dispose();
        _registry.Dispose();
    }

    private void Delivered(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
            Interlocked.Increment(ref _undelivered);
    }

    /// <summary>Numbers a key's records, so that a repeated one is known by its number.</summary>
    private string NextSequence(string key) =>
        (_sequences[key] = _sequences.GetValueOrDefault(key) + 1).ToString(CultureInfo.InvariantCulture);

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
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig(_servers.ClientProperties)
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
