// Sales by currency in a Postgres of your own, each order counted once: sums and offsets are one transaction.
using Commerce.Orders;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Npgsql;

var (kafka, topic) = (Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP"), Topics.OrdersCompleted.Name);
using var registry = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = Environment.GetEnvironmentVariable("SCHEMA_REGISTRY_URL") });
var avro = new AvroDeserializer<OrderCompleted>(registry); // whatever revision wrote it becomes the revision that this program was built with
using var letters = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka, Acks = Acks.All }).Build();
using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
{
    BootstrapServers = kafka, GroupId = "sales.csharp", AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoOffsetStore = false, SessionTimeoutMs = 10_000,
}).Build(); // read_committed is librdkafka's default
await using var database = await NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("SALES_DATABASE")!).OpenConnectionAsync();
await ExecuteAsync("CREATE TABLE IF NOT EXISTS sales (currency text PRIMARY KEY, orders int, revenue numeric); CREATE TABLE IF NOT EXISTS sales_offsets (part int PRIMARY KEY, next bigint)");
consumer.Subscribe(topic);
while (consumer.Consume() is { } record)
{
    OrderCompleted? order = null;
    try { order = await avro.DeserializeAsync(record.Message.Value, isNull: false, new SerializationContext(MessageComponentType.Value, topic)); }
    catch (Exception bad) when (bad is not (HttpRequestException or SchemaRegistryException { Status: >= System.Net.HttpStatusCode.InternalServerError })) // the registry is away: no reason to give a record up
    { await letters.ProduceAsync("sales.dlq.v1", new Message<byte[], byte[]> { Key = record.Message.Key, Value = record.Message.Value, Headers = [new Header("source", System.Text.Encoding.UTF8.GetBytes($"{record.TopicPartitionOffset} {bad.GetType().Name}"))] }); }

    await using var transaction = await database.BeginTransactionAsync();
    // No row changes when the record was counted before, by us or by whoever had the partition while we were paused.
    var first = await ExecuteAsync("INSERT INTO sales_offsets AS o VALUES ($1, $2) ON CONFLICT (part) DO UPDATE SET next = excluded.next WHERE o.next < excluded.next", record.Partition.Value, record.Offset.Value + 1) == 1;
    if (first && order is not null)
        await ExecuteAsync("INSERT INTO sales AS s VALUES ($1, 1, $2) ON CONFLICT (currency) DO UPDATE SET orders = s.orders + 1, revenue = s.revenue + excluded.revenue", order.Order.Currency, order.Order.Revenue);
    await transaction.CommitAsync();
    if (consumer.Assignment.Contains(record.TopicPartition))
        consumer.StoreOffset(record); // Kafka's offset follows; Postgres's is the truth
}

async Task<int> ExecuteAsync(string sql, params object[] values) { await using var command = new NpgsqlCommand(sql, database); foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value }); return await command.ExecuteNonQueryAsync(); }
