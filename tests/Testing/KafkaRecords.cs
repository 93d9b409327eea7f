using Avro.Specific;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Testing;

/// <summary>A record as a test sees it.</summary>
public sealed record SeenRecord<T>(string Key, T? Value) where T : class, ISpecificRecord;

/// <summary>Writes and reads typed records of a fixture's topics, as any client of the platform would.</summary>
public static class KafkaRecords
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(60);

    /// <summary>Sends records in order, with Kafka's own partitioner, and waits for their acknowledgement.</summary>
    public static async Task ProduceAsync<T>(this KafkaFixture kafka, Topic<T> topic, params IEnumerable<(string Key, T Value)> records)
        where T : class, ISpecificRecord
    {
        using var registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        using var producer = new ProducerBuilder<string, T>(new ProducerConfig(kafka.ClientProperties)
            {
                Partitioner = Partitioner.Murmur2Random, EnableIdempotence = true, LingerMs = 0,
            })
            .SetValueSerializer(new AvroSerializer<T>(registry, new AvroSerializerConfig { AutoRegisterSchemas = false }))
            .Build();
        foreach (var (key, value) in records)
            await producer.ProduceAsync(topic.Name, new Message<string, T> { Key = key, Value = value });
    }

    /// <summary>Reads committed records from the start until those that match <paramref name="mine"/> are <paramref name="enough"/>.</summary>
    /// <exception cref="TimeoutException">They were not, in time.</exception>
    public static Task<IReadOnlyList<SeenRecord<T>>> ReadUntilAsync<T>(
        this KafkaFixture kafka, Topic<T> topic, Func<SeenRecord<T>, bool> mine, Func<IReadOnlyList<SeenRecord<T>>, bool> enough,
        CancellationToken cancellationToken, TimeSpan? within = null)
        where T : class, ISpecificRecord =>
        Task.Run<IReadOnlyList<SeenRecord<T>>>(() => ReadUntil(kafka, topic, mine, enough, within ?? DefaultWait, cancellationToken), cancellationToken);

    private static List<SeenRecord<T>> ReadUntil<T>(
        KafkaFixture kafka, Topic<T> topic, Func<SeenRecord<T>, bool> mine, Func<IReadOnlyList<SeenRecord<T>>, bool> enough,
        TimeSpan within, CancellationToken cancellationToken)
        where T : class, ISpecificRecord
    {
        using var registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        using var consumer = new ConsumerBuilder<string, T>(new ConsumerConfig(kafka.ClientProperties)
            {
                GroupId = $"test.{Guid.NewGuid():N}", IsolationLevel = IsolationLevel.ReadCommitted, EnableAutoCommit = false,
            })
            .SetValueDeserializer(new AvroDeserializer<T>(registry).AsSyncOverAsync())
            .Build();
        consumer.Assign(Enumerable.Range(0, topic.Partitions).Select(partition => new TopicPartitionOffset(topic.Name, partition, Offset.Beginning)));
        using var timeout = new CancellationTokenSource(within);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var seen = new List<SeenRecord<T>>();
        try
        {
            while (!enough(seen))
            {
                var record = consumer.Consume(stop.Token);
                var one = new SeenRecord<T>(record.Message.Key, record.Message.Value);
                if (mine(one)) seen.Add(one);
            }
            return seen;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"{topic.Name}: saw only {seen.Count} of the awaited records");
        }
        finally
        {
            consumer.Close();
        }
    }
}
