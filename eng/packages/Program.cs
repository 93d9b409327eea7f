// Counts what a topic has by key, with nothing but the packages: typed records in and out, state and offsets in one transaction.
using Avro.Specific;
using Commerce.Identity;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing;
using Commerce.Streaming.Provisioning;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var (kafka, schemas) = (Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP")!, Environment.GetEnvironmentVariable("SCHEMA_REGISTRY_URL")!);
var (input, output) = (Own<SeenMessage>("packages.in.v1", SeenMessage._SCHEMA), Own<SeenMessage>("packages.out.v1", SeenMessage._SCHEMA));
var counts = new Store<SeenMessage>("counts", Own<SeenMessage>("packages.counts.changelog.v1", SeenMessage._SCHEMA, "compact"));
var topology = Topology.Named("packages.count").WithState(counts).From(input, Count).To(output)
    .DeadLettersTo(Own<DeadLetter>("packages.dlq.v1", DeadLetter._SCHEMA));

using (var provisioner = new Provisioner([new("bootstrap.servers", kafka)], [new("schema.registry.url", schemas)]))
    await provisioner.ProvisionAsync([.. topology.AllTopics]);
var builder = Host.CreateApplicationBuilder(args); // Kafka__BootstrapServers, SchemaRegistry__Url
builder.Services.AddTopology(topology);
using var host = builder.Build();
await host.StartAsync();

using var registry = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = schemas });
using var producer = new ProducerBuilder<string, SeenMessage>(new ProducerConfig { BootstrapServers = kafka, Partitioner = Partitioner.Murmur2Random })
    .SetValueSerializer(new AvroSerializer<SeenMessage>(registry, new AvroSerializerConfig { AutoRegisterSchemas = false })).Build();
foreach (var key in new[] { "a", "b", "a", "a" })
    await producer.ProduceAsync(input.Name, new Message<string, SeenMessage> { Key = key, Value = new SeenMessage { SeenAt = DateTimeOffset.UnixEpoch.UtcDateTime, Count = 1 } });

using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig { BootstrapServers = kafka, GroupId = "packages.reader", AutoOffsetReset = AutoOffsetReset.Earliest }).Build();
consumer.Subscribe(output.Name);
var seen = new Dictionary<string, int>();
while (seen.GetValueOrDefault("a") < 3 || seen.GetValueOrDefault("b") < 1)
    if (consumer.Consume(TimeSpan.FromSeconds(30)) is { } read)
        seen[read.Message.Key] = (await new AvroDeserializer<SeenMessage>(registry).DeserializeAsync(read.Message.Value, false, new SerializationContext(MessageComponentType.Value, output.Name))).Count;
Console.WriteLine($"a={seen["a"]} b={seen["b"]}");
await host.StopAsync();

void Count(Record<SeenMessage> record, IProcessingContext context)
{
    var count = record.Value with { Count = (context.Get(counts, record.Key)?.Count ?? 0) + record.Value.Count };
    context.Put(counts, record.Key, count);
    context.Send(output, record.Key, count);
}

static Topic<T> Own<T>(string name, Avro.Schema schema, string policy = "delete") where T : class, ISpecificRecord =>
    new(name, schema) { Owner = "packages", KeyMeaning = "a letter", Partitions = 1, CleanupPolicy = policy, Retention = null, Pii = "none", Doc = "For a trial of the packages." };
