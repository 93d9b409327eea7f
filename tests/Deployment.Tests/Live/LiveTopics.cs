using Commerce.Inventory;
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

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Records that no pipeline can read without asking the registry.</summary>
    public Task ProduceUnknownSchemaAsync(string topic, int records) => ProduceAsync(topic, Enumerable.Repeat(UnknownSchema, records));

    /// <summary>A record that is no Avro at all.</summary>
    public Task ProduceGarbageAsync(string topic) => ProduceAsync(topic, ["garbage"u8.ToArray()]);

    /// <summary>Stock below zero, as the ledger would never write it.</summary>
    public async Task ProduceNegativeStockAsync(string sku)
    {
        using var registry = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = platform.Registry });
        var serializer = new AvroSerializer<StockAvailability>(registry, new AvroSerializerConfig { AutoRegisterSchemas = false, SubjectNameStrategy = SubjectNameStrategy.Topic });
        var availability = new StockAvailability
        {
            Platform = "sample-shop", Sku = sku, OnHand = -1, Reserved = 0, Owed = 0, Available = 0, Version = 1, UpdatedAt = TimeProvider.System.GetUtcNow(),
        };
        var topic = Topics.InventoryStockAvailability.Name;
        await ProduceAsync(topic, [await serializer.SerializeAsync(availability, new SerializationContext(MessageComponentType.Value, topic))]);
    }

    /// <summary>Deletes everything that is in the topic now, read or not.</summary>
    public async Task DeleteRecordsAsync(string topic, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = platform.Kafka }).Build();
        await admin.DeleteRecordsAsync(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.End)));
    }

    private async Task ProduceAsync(string topic, IEnumerable<byte[]> values)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = platform.Kafka, Acks = Acks.All }).Build();
        foreach (var value in values)
            await producer.ProduceAsync(new TopicPartition(topic, 0), new Message<string, byte[]> { Key = "live", Value = value }, Token);
    }
}
