using Commerce.Inventory;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>Hands in the log that no service of ours has.</summary>
internal sealed class LiveTopics(LivePlatform platform)
{
    /// <summary>Confluent's wire format with a schema that no registry has.</summary>
    private static readonly byte[] UnknownSchema = [0, 0x7f, 0xff, 0xff, 0xf0, 1, 2, 3];

    private const string Key = "live";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Records that no pipeline can read without asking the registry.</summary>
    public Task<List<TopicPartitionOffset>> ProduceUnknownSchemaAsync(string topic, int records) => ProduceAsync(topic, Enumerable.Repeat(UnknownSchema, records));

    /// <summary>A record that is no Avro at all.</summary>
    public async Task<TopicPartitionOffset> ProduceGarbageAsync(string topic) => (await ProduceAsync(topic, ["garbage"u8.ToArray()]))[0];

    /// <summary>Stock below zero, as the ledger would never write it.</summary>
    public async Task ProduceNegativeStockAsync(string sku)
    {
        var availability = new StockAvailability
        {
            Platform = "sample-shop", Sku = sku, OnHand = -1, Reserved = 0, Owed = 0, Available = 0, Version = 1, UpdatedAt = TimeProvider.System.GetUtcNow(),
        };
        await ProduceAsync(Topics.InventoryStockAvailability.Name, [await SerializeAsync(Topics.InventoryStockAvailability.Name, availability)]);
    }

    /// <summary>An operator's order to pass over the letter of that record, which is the first of its line.</summary>
    public async Task SkipAsync(string retries, TopicPartitionOffset record)
    {
        var retry = new Retry
        {
            Line = FormattableString.Invariant($"{record.Topic}/{record.Partition.Value}/{record.Offset.Value}"),
            Number = 1, Skip = true, Topic = record.Topic, Partition = record.Partition.Value, Offset = record.Offset.Value, Timestamp = TimeProvider.System.GetUtcNow(),
        };
        await ProduceAsync(retries, [await SerializeAsync(retries, retry)]);
    }

    private async Task<byte[]> SerializeAsync<T>(string topic, T value)
    {
        using var registry = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = platform.Registry });
        var serializer = new AvroSerializer<T>(registry, new AvroSerializerConfig { AutoRegisterSchemas = false, SubjectNameStrategy = SubjectNameStrategy.Topic });
        return await serializer.SerializeAsync(value, new SerializationContext(MessageComponentType.Value, topic));
    }

    /// <summary>Deletes everything that is in the topic now, read or not.</summary>
    public async Task DeleteRecordsAsync(string topic, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = platform.Kafka }).Build();
        await admin.DeleteRecordsAsync(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.End)));
    }

    private async Task<List<TopicPartitionOffset>> ProduceAsync(string topic, IEnumerable<byte[]> values)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = platform.Kafka, Acks = Acks.All }).Build();
        var written = new List<TopicPartitionOffset>();
        foreach (var value in values)
            written.Add((await producer.ProduceAsync(new TopicPartition(topic, 0), new Message<string, byte[]> { Key = Key, Value = value }, Token)).TopicPartitionOffset);
        return written;
    }
}
