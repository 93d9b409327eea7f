using Commerce.Collection;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.LocalRegistry;
using Commerce.Streaming.Testing;
using Commerce.Streaming.Warehouse.Sink;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Warehouse.Tests;

/// <summary>Bytes that are no record of the topic: why, in words, and never the end of the process.</summary>
public sealed class RecordReaderTests(KafkaFixture kafka)
{
    private static readonly byte[] Marker = "sixteen bytes ok"u8.ToArray();

    /// <summary>A length of 2,147,483,647 as Avro writes it: more than .NET has arrays for.</summary>
    private static readonly byte[] HugeLength = [0xFE, 0xFF, 0xFF, 0xFF, 0x0F];

    [Fact]
    public async Task Malformed_bytes_are_a_failure_that_says_what_is_wrong()
    {
        using var registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        var good = await SerializeAsync(registry, Said.Quarantined("m1", "malformed_json") with { Raw = Marker });
        var id = WireFormat.SchemaId(good)!.Value;
        var length = good.AsSpan().IndexOf(Marker) - 1;
        var reader = new RecordReader(registry);

        (await ReadAsync(reader, good)).Failure.ShouldBeNull();
        (await ReadAsync(reader, [])).Failure!.Error.ShouldContain("wire format");
        (await ReadAsync(reader, "{\"no\": \"Avro\"}"u8.ToArray())).Failure!.Error.ShouldContain("wire format");
        (await ReadAsync(reader, [0, 0x7F, 0, 0, 1, 2])).Failure!.Error.ShouldBe($"schema {0x7F000001} is not in the registry");
        (await ReadAsync(reader, good[..^3])).Failure!.Error.ShouldStartWith($"the bytes are not what schema {id} describes: ");
        (await ReadAsync(reader, [.. good[..length], .. HugeLength])).Failure!.Error.ShouldStartWith($"the bytes are not what schema {id} describes: ");
    }

    [Fact]
    public async Task The_first_record_of_a_topic_needs_no_registry_when_its_schema_was_known_at_the_start()
    {
        await using var folder = new ThrowawayFolder("commerce-test-registry");
        var server = await LocalRegistryServer.StartAsync(new LocalRegistryOptions { DataDirectory = folder.Child("registry") });
        var settings = new SchemaRegistryConfig { Url = server.Url.ToString(), MaxRetries = 1, RetriesWaitMs = 1 };
        using var writer = new CachedSchemaRegistryClient(settings);
        await writer.RegisterSchemaAsync(Topics.CollectionQuarantine.ValueSubject, new Schema(Topics.CollectionQuarantine.ValueSchema.ToString(), SchemaType.Avro));
        var record = await SerializeAsync(writer, Said.Quarantined("m1", "malformed_json"));
        using var registry = new CachedSchemaRegistryClient(settings);
        var reader = new RecordReader(registry);
        await reader.WarmUpAsync();
        await server.DisposeAsync();

        (await ReadAsync(reader, record)).Failure.ShouldBeNull();
        await Should.ThrowAsync<RegistryUnavailableException>(() => ReadAsync(reader, [0, 0x7F, 0, 0, 1, 2]));
    }

    private static Task<SinkRecord> ReadAsync(RecordReader reader, byte[] value) => reader.ReadAsync(new ConsumeResult<byte[]?, byte[]?>
    {
        TopicPartitionOffset = new TopicPartitionOffset(Topics.CollectionQuarantine.Name, 0, 0),
        Message = new Message<byte[]?, byte[]?> { Key = [1], Value = value },
    });

    private static async Task<byte[]> SerializeAsync(ISchemaRegistryClient registry, QuarantinedEvent record) =>
        await new AvroSerializer<QuarantinedEvent>(registry, new AvroSerializerConfig { AutoRegisterSchemas = false })
            .SerializeAsync(record, new SerializationContext(MessageComponentType.Value, Topics.CollectionQuarantine.Name));
}
