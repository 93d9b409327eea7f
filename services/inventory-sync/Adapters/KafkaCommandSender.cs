using System.Text;
using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.TopicWriting;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.InventorySync.Adapters;

/// <summary>Commands as records of commerce.inventory.stock-commands.v1, in order per SKU.</summary>
internal sealed class KafkaCommandSender : ICommandSender, IDisposable
{
    private const double LingerMs = 1;
    private const int MessageTimeoutMs = 10_000;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly AvroSerializer<StockCommand> _serializer;

    public KafkaCommandSender(IOptions<KafkaOptions> kafka, ISchemaRegistryClient registry)
    {
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(kafka.Value.ToClientProperties())
        {
            ClientId = "commerce.inventory-sync.api",
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = LingerMs,
            MessageTimeoutMs = MessageTimeoutMs,
            // The same as everybody's: the SKU's one partition must be found from its key alone.
            Partitioner = Partitioner.Murmur2Random,
        }).SetLogHandler((_, _) => { }).Build();
        _serializer = new AvroSerializer<StockCommand>(registry, new AvroSerializerConfig { AutoRegisterSchemas = false, UseLatestVersion = false });
    }

    public async Task SendAsync(StockCommand command, CancellationToken cancellationToken)
    {
        var topic = Topics.InventoryStockCommands.Name;
        try
        {
            var value = await _serializer.SerializeAsync(command, new SerializationContext(MessageComponentType.Value, topic));
            var message = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(SkuKeys.Of(command.Platform, command.Sku)),
                Value = value,
                Headers = TraceHeaders.OfCurrentActivity(),
            };
            await _producer.ProduceAsync(topic, message, cancellationToken);
        }
        catch (Exception failure) when (failure is KafkaException or HttpRequestException or SchemaRegistryException)
        {
            throw new CommandsUnavailableException(failure);
        }
    }

    public void Dispose() => _producer.Dispose();
}
