using Avro.Generic;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.LocalRegistry.Tests;

/// <summary>Confluent's own .NET client and serdes, as they come.</summary>
public sealed class ConfluentClientTests(LocalRegistryUnderTest registry) : IClassFixture<LocalRegistryUnderTest>
{
    private const string Topic = "shop.orders.v1";

    private static readonly SerializationContext Value = new(MessageComponentType.Value, Topic);

    [Fact]
    public async Task Avro_serdes_write_and_read_through_the_registry()
    {
        using var client = Client();
        var writer = new AvroSerializer<GenericRecord>(client, new AvroSerializerConfig { AutoRegisterSchemas = true });
        var reader = new AvroDeserializer<GenericRecord>(Client());
        var schema = (Avro.RecordSchema)Avro.Schema.Parse(TestSchemas.OrderV2);
        var order = new GenericRecord(schema);
        order.Add("id", "o-1");
        order.Add("note", "hi 😀");

        var bytes = await writer.SerializeAsync(order, Value);
        var read = await reader.DeserializeAsync(bytes, isNull: false, Value);

        bytes[0].ShouldBe((byte)0);
        read["id"].ShouldBe("o-1");
        read["note"].ShouldBe("hi 😀");
        (await client.GetSubjectVersionsAsync(Topic + "-value")).ShouldBe([1]);
    }

    [Fact]
    public async Task A_reader_of_a_newer_version_reads_older_bytes()
    {
        using var client = Client();
        var id = await client.RegisterSchemaAsync("evolved-value", TestSchemas.OrderV1);
        await client.RegisterSchemaAsync("evolved-value", TestSchemas.OrderV2);
        var reader = new AvroDeserializer<GenericRecord>(client, new AvroDeserializerConfig { UseLatestVersion = true });

        var read = await reader.DeserializeAsync(new byte[] { 0, 0, 0, 0, (byte)id, 6, (byte)'o', (byte)'-', (byte)'1' }, false, new(MessageComponentType.Value, "evolved"));

        read["id"].ShouldBe("o-1");
        read["note"].ShouldBeNull();
    }

    [Fact]
    public async Task A_schema_that_is_not_registered_is_an_error_when_auto_registration_is_off()
    {
        using var client = Client();
        var writer = new AvroSerializer<GenericRecord>(client, new AvroSerializerConfig { AutoRegisterSchemas = false });
        var record = new GenericRecord((Avro.RecordSchema)Avro.Schema.Parse(TestSchemas.Money));
        record.Add("amount", "1");

        var e = await Should.ThrowAsync<SchemaRegistryException>(() => writer.SerializeAsync(record, new(MessageComponentType.Value, "unregistered")));

        e.ErrorCode.ShouldBe(40401);
    }

    [Fact]
    public async Task The_client_sees_versions_levels_and_refusals()
    {
        using var client = Client();
        const string Subject = "client-value";
        var first = await client.RegisterSchemaAsync(Subject, new Schema(TestSchemas.OrderV1, SchemaType.Avro));

        (await client.IsCompatibleAsync(Subject, new Schema(TestSchemas.OrderV2, SchemaType.Avro))).ShouldBeTrue();
        (await client.IsCompatibleAsync(Subject, new Schema(TestSchemas.OrderBroken, SchemaType.Avro))).ShouldBeFalse();
        var refusal = await Should.ThrowAsync<SchemaRegistryException>(() => client.RegisterSchemaAsync(Subject, new Schema(TestSchemas.OrderBroken, SchemaType.Avro)));
        refusal.ErrorCode.ShouldBe(409);
        (await client.UpdateCompatibilityAsync(Compatibility.None, Subject)).ShouldBe(Compatibility.None);
        (await client.GetCompatibilityAsync(Subject)).ShouldBe(Compatibility.None);
        var second = await client.RegisterSchemaAsync(Subject, new Schema(TestSchemas.OrderBroken, SchemaType.Avro));
        second.ShouldBeGreaterThan(first);
        (await client.GetLatestSchemaAsync(Subject)).Version.ShouldBe(2);
        (await client.GetRegisteredSchemaAsync(Subject, 1)).SchemaString.ShouldBe(TestSchemas.OrderV1);
        (await client.LookupSchemaAsync(Subject, new Schema(TestSchemas.OrderV1, SchemaType.Avro), ignoreDeletedSchemas: true, normalize: true)).Id.ShouldBe(first);
        (await client.GetAllSubjectsAsync()).ShouldContain(Subject);
    }

    private CachedSchemaRegistryClient Client() => new(new SchemaRegistryConfig { Url = registry.Caller.Url });
}
