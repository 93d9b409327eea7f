using System.Text;
using System.Text.Json.Nodes;
using Avro.Generic;
using Avro.IO;
using Avro.Specific;
using Commerce.Collection;
using Commerce.Consent;
using Commerce.Orders;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Confluent.SchemaRegistry;

[assembly: AssemblyFixture(typeof(KafkaFixture))]
[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Commerce.Streaming.Samples.Tests;

/// <summary>What every sample reads: orders as today's revision writes them and as a later one will, refunds, and bytes that are no order.</summary>
public sealed class SalesLog(KafkaFixture kafka) : IAsyncLifetime
{
    public const string DeadLetters = "sales.dlq.v1";
    public const int Today = 60;
    public const int Later = 6;
    public const int Lost = 10;
    public const string Poison = "no Avro at all";

    /// <summary>What the table holds once every order was counted once: currency, orders and revenue.</summary>
    public static string Expected { get; } = string.Join(' ', Enumerable.Range(0, Today + Later)
        .GroupBy(Currency)
        .OrderBy(currency => currency.Key, StringComparer.Ordinal)
        .Select(currency => FormattableString.Invariant($"{currency.Key}|{currency.Count()}|{currency.Sum(Revenue):F4}")));

    public KafkaFixture Kafka => kafka;

    public async ValueTask InitializeAsync()
    {
        using (var admin = new AdminClientBuilder(kafka.ClientProperties).Build())
            await admin.CreateTopicsAsync([new TopicSpecification { Name = DeadLetters, NumPartitions = 1, ReplicationFactor = -1 }]);
        await kafka.ProduceAsync(Topics.OrdersCompleted, Enumerable.Range(0, Today).Select(number => (Key(number), OrderOf(number))));
        await kafka.ProduceAsync(Topics.OrdersRefunded, Enumerable.Range(0, Lost * 2).Select(number => (Key(number), RefundOf(number))));
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig(kafka.ClientProperties) { Partitioner = Partitioner.Murmur2Random }).Build();
        await producer.ProduceAsync(Topics.OrdersCompleted.Name, new Message<string, byte[]> { Key = Key(0), Value = Encoding.UTF8.GetBytes(Poison) });
        var (id, schema) = await RegisterLaterRevisionAsync();
        for (var number = Today; number < Today + Later; number++)
            await producer.ProduceAsync(Topics.OrdersCompleted.Name, new Message<string, byte[]> { Key = Key(number), Value = LaterBytes(OrderOf(number), id, schema) });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static string Key(int number) => $"shop/{number}";

    private static string Currency(int number) => number % 3 == 0 ? "GBP" : "EUR";

    private static decimal Revenue(int number) => 10.0001m + number;

    private static readonly Source Shop = new() { Id = "web", Platform = "shop", Tenant = "default", TimeZone = "Europe/Berlin" };
    private static readonly ConsentState Consent = new() { Analytics = true, Advertising = false, Personalization = false, Basis = ConsentBasis.EVENT };
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static OrderCompleted OrderOf(int number) => new()
    {
        ProfileId = $"p{number}", Source = Shop, MessageId = $"m{number}", Timestamp = Noon, ReceivedAt = Noon, Consent = Consent,
        Order = new Order { OrderId = $"{number}", Currency = Currency(number), Revenue = Revenue(number), Tax = 0m, Shipping = 0m, Discount = 0m, Lines = [] },
    };

    /// <summary>The first ones in full, as many again by half.</summary>
    private static OrderRefunded RefundOf(int number) => new()
    {
        ProfileId = $"p{number}", Source = Shop, MessageId = $"r{number}", Timestamp = Noon, ReceivedAt = Noon, Consent = Consent,
        Refund = new Refund { RefundId = $"r{number}", OrderId = $"{number}", Currency = Currency(number), Amount = number < Lost ? Revenue(number) : 5m, Lines = [] },
    };

    /// <summary>A field more, in the middle, with a default: what readers of today must survive.</summary>
    private async Task<(int Id, Avro.RecordSchema Schema)> RegisterLaterRevisionAsync()
    {
        var schema = JsonNode.Parse(OrderCompleted._SCHEMA.ToString())!;
        schema["fields"]!.AsArray().Insert(2, JsonNode.Parse("""{"name": "giftWrap", "type": ["null", "string"], "doc": "Paper.", "default": null}"""));
        using var registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        var id = await registry.RegisterSchemaAsync(Topics.OrdersCompleted.ValueSubject, new Schema(schema.ToJsonString(), SchemaType.Avro));
        return (id, (Avro.RecordSchema)Avro.Schema.Parse(schema.ToJsonString()));
    }

    private static byte[] LaterBytes(OrderCompleted order, int id, Avro.RecordSchema later)
    {
        using var today = new MemoryStream();
        new SpecificDatumWriter<OrderCompleted>(OrderCompleted._SCHEMA).Write(order, new BinaryEncoder(today));
        today.Position = 0;
        var record = new GenericDatumReader<GenericRecord>(OrderCompleted._SCHEMA, later).Read(null!, new BinaryDecoder(today));
        record.Add("giftWrap", "red");
        using var bytes = new MemoryStream();
        bytes.Write([0, (byte)(id >> 24), (byte)(id >> 16), (byte)(id >> 8), (byte)id]);
        new GenericDatumWriter<GenericRecord>(later).Write(record, new BinaryEncoder(bytes));
        return bytes.ToArray();
    }
}
