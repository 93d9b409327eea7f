using Avro.Specific;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Testing;

/// <param name="Value">Null for a tombstone.</param>
public sealed record TappedRecord<T>(string Key, T? Value, int Partition, long Offset, DateTimeOffset Timestamp, Headers Headers) where T : class;

/// <summary>
/// Sees what is written to a topic from the moment it is opened. Reading needs no waiting: what Kafka has acknowledged is below the
/// end offsets that <see cref="ReadAsync"/> asks for. Opening one costs a few connections; tests that run one after the other share
/// one and <see cref="SkipAsync"/> what came before.
/// </summary>
public sealed class TopicTap<T> : IDisposable where T : class, ISpecificRecord
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Topic<T> _topic;
    private readonly IConsumer<string, byte[]?> _consumer;
    private readonly CachedSchemaRegistryClient _registry;
    private readonly AvroDeserializer<T> _deserializer;
    private readonly IAdminClient _admin;
    private Dictionary<TopicPartition, long> _next = [];

    private TopicTap(KafkaFixture kafka, Topic<T> topic)
    {
        _topic = topic;
        _registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        _deserializer = new AvroDeserializer<T>(_registry);
        _consumer = new ConsumerBuilder<string, byte[]?>(new ConsumerConfig(kafka.ClientProperties)
        {
            GroupId = "test.tap",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).SetValueDeserializer(Deserializers.ByteArray!).Build();
        _admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
    }

    public static async Task<TopicTap<T>> OpenAsync(KafkaFixture kafka, Topic<T> topic)
    {
        var tap = new TopicTap<T>(kafka, topic);
        await tap.SkipAsync();
        return tap;
    }

    /// <summary>Forgets what has been written until now.</summary>
    public async Task SkipAsync()
    {
        _next = await EndsAsync();
        _consumer.Assign(_next.Select(each => new TopicPartitionOffset(each.Key, each.Value)));
    }

    /// <summary>What was written since the last call, in order within each key.</summary>
    public async Task<IReadOnlyList<TappedRecord<T>>> ReadAsync()
    {
        var ends = await EndsAsync();
        var records = new List<TappedRecord<T>>();
        while (_next.Any(each => each.Value < ends[each.Key]))
        {
            var result = _consumer.Consume(Patience) ?? throw new TimeoutException($"{_topic.Name} did not deliver what it has");
            if (result.IsPartitionEOF)
            {
                // What ends a transaction has an offset, but is no record.
                _next[result.TopicPartition] = Math.Max(_next[result.TopicPartition], result.Offset.Value);
                continue;
            }

            _next[result.TopicPartition] = result.Offset.Value + 1;
            var value = result.Message.Value is { } bytes
                ? await _deserializer.DeserializeAsync(bytes, isNull: false, new SerializationContext(MessageComponentType.Value, _topic.Name))
                : null;
            records.Add(new TappedRecord<T>(
                result.Message.Key, value, result.Partition.Value, result.Offset.Value, new DateTimeOffset(result.Message.Timestamp.UtcDateTime),
                result.Message.Headers));
        }

        return records;
    }

    public void Dispose()
    {
        _admin.Dispose();
        _consumer.Close();
        _consumer.Dispose();
        _registry.Dispose();
    }

    private async Task<Dictionary<TopicPartition, long>> EndsAsync()
    {
        var specifications = Enumerable.Range(0, _topic.Partitions).Select(partition => new TopicPartitionOffsetSpec
        {
            TopicPartition = new TopicPartition(_topic.Name, partition),
            OffsetSpec = OffsetSpec.Latest(),
        });
        var options = new ListOffsetsOptions { RequestTimeout = Patience, IsolationLevel = IsolationLevel.ReadCommitted };
        var found = await _admin.ListOffsetsAsync(specifications, options);
        return found.ResultInfos.ToDictionary(each => each.TopicPartitionOffsetError.TopicPartition, each => each.TopicPartitionOffsetError.Offset.Value);
    }
}
