using System.Globalization;
using System.Text;
using Avro.Specific;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Commerce.Streaming.Provision.Repartition;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Npgsql;

namespace Commerce.Streaming.Provision.Tests;

/// <summary>A record that is there, with everything that must stay as it is.</summary>
internal sealed record Entry(int Partition, string Key, string Value, long Time, string Headers);

/// <summary>A small platform of its own on the fixture's Kafka: an input, state of several kinds, a public table, one topic with one partition.</summary>
internal sealed class GrowingPlatform : IAsyncDisposable
{
    public const int Base = 3;
    public const int Entries = 40;

    /// <summary>Collection of tests that look at every consumer group of the broker.</summary>
    public const string Alone = "looks at all groups";

    // Kafka deletes what is older than retention, whoever wrote it.
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeMilliseconds());
    private readonly KafkaFixture _kafka;
    private readonly string _pipeline = $"growing{Guid.NewGuid():N}.pipe";
    private readonly CachedSchemaRegistryClient _registry;
    private readonly KafkaCluster _cluster;
    private readonly IAdminClient _admin;
    private readonly string? _postgres;

    public GrowingPlatform(KafkaFixture kafka, string? postgres = null)
    {
        (_kafka, _postgres) = (kafka, postgres);
        _registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        _cluster = new KafkaCluster(kafka.ClientProperties, TimeProvider.System);
        _admin = new AdminClientBuilder(kafka.ClientProperties).Build();
        Input = Of("in", null, Readers: [_pipeline, Readiness.Sink]);
        Table = Of("table", new Home(HomeRule.Key), Readers: [_pipeline, Readiness.Sink]);
        Parts = Of("parts.changelog", new Home(HomeRule.BeforeBar));
        Seen = Of("seen.changelog", new Home(HomeRule.Everywhere));
        Timers = Of("timers.changelog", new Home(HomeRule.Timer) { Timers = new Dictionary<string, HomeRule> { ["end"] = HomeRule.Key } });
        Parked = Of("parked.changelog", new Home(HomeRule.Letter));
        Letters = Of("dlq", null);
        One = Of("one", null, partitions: 1);
    }

    public Topic Input { get; }
    public Topic Table { get; }
    public Topic Parts { get; }
    public Topic Seen { get; }
    public Topic Timers { get; }
    public Topic Parked { get; }
    public Topic Letters { get; }
    public Topic One { get; }

    public string GroupId => "commerce." + _pipeline;
    public IReadOnlyList<Topic> Catalogue => [Input, Table, Parts, Seen, Timers, Parked, Letters, One];
    public IReadOnlyList<Topic> Compacted => [Table, Parts, Seen, Timers, Parked];
    public List<string> Said { get; } = [];
    public Func<string, bool> KilledBefore { get; set; } = _ => false;

    public static string RecordKey(int number) => $"shop/{number}";

    /// <summary>Topics with what a pipeline would have written, everything read.</summary>
    public async Task FillAsync()
    {
        await _admin.CreateTopicsAsync(Catalogue.Select(topic => new TopicSpecification
        {
            Name = topic.Name, NumPartitions = topic.Partitions, ReplicationFactor = -1,
            Configs = new() { ["cleanup.policy"] = topic.CleanupPolicy, ["max.message.bytes"] = "500000" },
        }));
        using (var producer = Transactional())
        {
            producer.InitTransactions(TimeSpan.FromSeconds(30));
            producer.BeginTransaction();
            for (var number = 0; number < Entries; number++)
                Write(producer, number);
            producer.CommitTransaction();
            // What was aborted is nobody's state, whatever its offsets say.
            producer.BeginTransaction();
            Send(producer, Table, RecordKey(0), RecordKey(0), Encoding.UTF8.GetBytes("aborted"));
            producer.Flush();
            producer.AbortTransaction();
        }

        await ReadAllAsync();
    }

    public async Task ReadAllAsync()
    {
        var ends = await EndsAsync(Input, Table);
        _cluster.Commit(GroupId, ends);
        if (_postgres is null)
            return;
        await using var database = NpgsqlDataSource.Create(_postgres);
        await using var reset = database.CreateCommand("DELETE FROM warehouse.sink_offsets");
        await reset.ExecuteNonQueryAsync();
        foreach (var end in ends)
        {
            await using var add = database.CreateCommand("INSERT INTO warehouse.sink_offsets VALUES ('commerce.warehouse.sink', $1, $2, $3)");
            foreach (var value in new object[] { end.Topic, end.Partition.Value, end.Offset.Value })
                add.Parameters.Add(new NpgsqlParameter { Value = value });
            await add.ExecuteNonQueryAsync();
        }
    }

    public Task RunAsync(int multiple, bool apply = true, int waitSeconds = 30, int quietSeconds = 0) =>
        Repartitioner(waitSeconds, quietSeconds).RunAsync(multiple, apply, TestContext.Current.CancellationToken);

    public Task AbandonAsync() => Repartitioner(30, 0).AbandonAsync(TestContext.Current.CancellationToken);

    public Dictionary<TopicPartition, Offset> Committed(Topic topic, int partitions) =>
        _cluster.Committed(GroupId, Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic.Name, partition)));

    public async Task<List<TopicPartitionOffset>> EndsAsync(params Topic[] topics)
    {
        var found = _cluster.Topics();
        var ends = await _cluster.EndsAsync(topics.SelectMany(topic => Readiness.PartitionsOf(topic, found)));
        return [.. ends.Select(end => new TopicPartitionOffset(end.Key, end.Value))];
    }

    public IReadOnlyDictionary<string, FoundTopic> Topics() => _cluster.Topics();

    /// <summary>What is set for the topic itself.</summary>
    public async Task<Dictionary<string, string>> SettingsAsync(Topic topic) =>
        (await _admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic.Name }])).Single().Entries.Values
            .Where(entry => entry.Source == ConfigSource.DynamicTopicConfig)
            .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);

    /// <summary>The last value of each key in each partition, as those see it who read committed records.</summary>
    public List<Entry> EntriesOf(Topic topic)
    {
        var entries = new List<Entry>();
        new TopicCopy(_cluster).EachLive(topic.Name, Topics()[topic.Name].Partitions, record => entries.Add(new Entry(
            record.Partition.Value, Encoding.UTF8.GetString(record.Message.Key), Convert.ToBase64String(record.Message.Value!), record.Message.Timestamp.UnixTimestampMs,
            string.Join(',', record.Message.Headers.Select(header => $"{header.Key}={Encoding.UTF8.GetString(header.GetValueBytes())}")))), TestContext.Current.CancellationToken);
        return [.. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).ThenBy(entry => entry.Partition)];
    }

    /// <summary>A record at a place of its own, outside of every rule.</summary>
    public void Put(Topic topic, int partition, string key, string value)
    {
        using var writer = _cluster.Writer();
        writer.Write(new TopicPartition(topic.Name, partition), new Message<byte[], byte[]?> { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value) }, TestContext.Current.CancellationToken);
        writer.Flush(TestContext.Current.CancellationToken);
    }

    public IProducer<byte[], byte[]?> Transactional() => new ProducerBuilder<byte[], byte[]?>(
        new ProducerConfig(_kafka.ClientProperties) { TransactionalId = _pipeline, Partitioner = Partitioner.Murmur2Random }).Build();

    public IConsumer<byte[], byte[]> Member() => new ConsumerBuilder<byte[], byte[]>(
        new ConsumerConfig(_kafka.ClientProperties) { GroupId = GroupId, EnableAutoCommit = false }).Build();

    /// <summary>Also what a run that failed has left.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var name in Topics().Keys.Where(name => name == Repartitioning.Journal || name.Contains(_pipeline, StringComparison.Ordinal)).ToList())
            await _cluster.DeleteAsync(name, CancellationToken.None);
        _cluster.Dispose();
        _admin.Dispose();
        _registry.Dispose();
    }

    private void Write(IProducer<byte[], byte[]?> producer, int number)
    {
        var key = RecordKey(number);
        Send(producer, Input, key, key, Encoding.UTF8.GetBytes("event"));
        Send(producer, One, key, key, Encoding.UTF8.GetBytes("one"), partition: 0);
        Send(producer, Table, key, key, Encoding.UTF8.GetBytes("old"));
        Send(producer, Table, key, key, Encoding.UTF8.GetBytes($"value {number}"));
        Send(producer, Parts, key, key + "|part", Encoding.UTF8.GetBytes("part"));
        Send(producer, Parts, key, key + "|gone", Encoding.UTF8.GetBytes("gone"));
        Send(producer, Parts, key, key + "|gone", null);
        Send(producer, Seen, key, $"0/source/m{number}", Encoding.UTF8.GetBytes("seen"));
        Send(producer, Timers, key, "end|" + key, Avro(Timers, new TimerEntry { Key = key, Name = "end", DueAt = Noon, EventTime = false }));
        if (number % 10 != 0)
            return;
        var line = string.Create(CultureInfo.InvariantCulture, $"in/{number}/7");
        Send(producer, Parked, key, line, Avro(Parked, new ParkedKey { Line = line, Next = 1, Last = 1, Since = Noon, Reason = "handler", Attempts = 1 }));
        Send(producer, Letters, line, line, Avro(Letters, new DeadLetter
        {
            Pipeline = "pipe", Reason = "handler", Error = "", Topic = "in", Partition = number, Offset = 7, Key = Encoding.UTF8.GetBytes(key), Attempts = 1, FailedAt = Noon, Line = line, Number = 1,
        }));
    }

    // To the partition of the record that made it, as a pipeline writes its changelogs.
    private static void Send(IProducer<byte[], byte[]?> producer, Topic topic, string recordKey, string key, byte[]? value, int? partition = null) => producer.Produce(
        new TopicPartition(topic.Name, partition ?? Murmur2.PartitionOf(Encoding.UTF8.GetBytes(recordKey), topic.Partitions)),
        new Message<byte[], byte[]?>
        {
            Key = Encoding.UTF8.GetBytes(key), Value = value, Timestamp = new Timestamp(Noon.AddMinutes(topic.Name.Length)),
            Headers = new Headers { { "traceparent", Encoding.UTF8.GetBytes("00-" + key) } },
        });

    private byte[] Avro<T>(Topic topic, T value) where T : class, ISpecificRecord => new AvroSerializer<T>(_registry).AsSyncOverAsync()
        .Serialize(value, new SerializationContext(MessageComponentType.Value, topic.Name));

    private Repartitioner Repartitioner(int waitSeconds, int quietSeconds) => RepartitionCommand.Of(
        _cluster, _registry, _postgres is null ? null : new SinkPositions(_postgres), Catalogue, new RepartitionOptions { WaitSeconds = waitSeconds, QuietSeconds = quietSeconds },
        TimeProvider.System, Said.Add, step =>
        {
            if (KilledBefore(step))
                throw new KilledException(step);
        });

    private Topic Of(string purpose, Home? home, IReadOnlyList<string>? Readers = null, int partitions = Base) => new Topic<DeadLetter>($"commerce.{_pipeline}.{purpose}.v1", DeadLetter._SCHEMA)
    {
        Owner = "tests", KeyMeaning = "none", Partitions = partitions, CleanupPolicy = home is null ? "delete" : "compact",
        Retention = home is null ? TimeSpan.FromDays(7) : null, Pii = "none", Doc = "For one test.", Readers = Readers ?? [], Home = home,
    };
}

/// <summary>The process ended here.</summary>
internal sealed class KilledException(string step) : Exception(step);
