using System.Text;
using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.TopicWriting;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.InventorySync.Adapters;

/// <summary>Commands as records of commerce.inventory.stock-commands.v1, in order per SKU.</summary>
internal sealed class KafkaCommandSender : ICommandSender, IDisposable
{
    // Somebody waits for each: those that come together while one is on its way go together anyhow.
    private const double LingerMs = 0;
    private static readonly TimeSpan DeliveryTimeout = TimeSpan.FromSeconds(10);
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly AvroEncoder<StockCommand> _encoder;

    public KafkaCommandSender(IOptions<KafkaOptions> kafka, ISchemaRegistryClient registry)
    {
        var settings = ProducerSettings.Reliable(kafka.Value, DeliveryTimeout);
        settings.ClientId = "commerce.inventory-sync.api";
        settings.LingerMs = LingerMs;
        _producer = new ProducerBuilder<byte[], byte[]>(settings).SetLogHandler((_, _) => { }).Build();
        _encoder = new AvroEncoder<StockCommand>(Topics.InventoryStockCommands, registry);
    }

    public async Task SendAsync(StockCommand command, CancellationToken cancellationToken)
    {
        try
        {
            var value = await _encoder.EncodeAsync(command);
            var message = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(SkuKeys.Of(command.Platform, command.Sku)),
                Value = value,
                Headers = TraceHeaders.OfCurrentActivity(),
            };
            await _producer.ProduceAsync(_encoder.Topic, message, cancellationToken);
        }
        catch (Exception failure) when (failure is KafkaException or HttpRequestException or SchemaRegistryException)
        {
            throw new CommandsUnavailableException(failure);
        }
    }

    public void Dispose() => _producer.Dispose();
}
