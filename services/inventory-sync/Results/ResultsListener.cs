using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.InventorySync.Results;

/// <summary>
/// Reads all partitions of the results from now on, whatever the group of the pipelines does: the instance that was asked is not the
/// one that owns the SKU.
/// </summary>
internal sealed partial class ResultsListener(
    ReservationResults results, IOptions<KafkaOptions> kafka, ISchemaRegistryClient registry, TimeProvider clock, ILogger<ResultsListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);
    private readonly AvroDeserializer<ReservationDecided> _deserializer = new(
        registry, new AvroDeserializerConfig { SubjectNameStrategy = SubjectNameStrategy.Topic });

    /// <summary>True once results reach this instance.</summary>
    public bool IsListening { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var consumer = Build();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!IsListening)
                    Assign(consumer);
                if (consumer.Consume(PollWait) is { Message.Value: { } value })
                    results.Publish(await ReadAsync(value));
            }
            catch (Exception failure) when (failure is KafkaException { Error.IsFatal: false } or HttpRequestException or SchemaRegistryException or Avro.AvroException)
            {
                // A result that is lost here costs its request a timeout, not the reservation.
                Trouble(failure);
                await Task.Delay(RetryWait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        consumer.Close();
    }

    private async Task<ReservationDecided> ReadAsync(byte[] value) =>
        await _deserializer.DeserializeAsync(value, isNull: false, new SerializationContext(MessageComponentType.Value, Topics.InventoryReservationResults.Name));

    private void Assign(IConsumer<Ignore, byte[]?> consumer)
    {
        var topic = Topics.InventoryReservationResults;
        var ends = Enumerable.Range(0, topic.PartitionsAt(kafka.Value.PartitionsMultiple)).Select(partition =>
        {
            // Fixed positions, not "end": what is decided between here and the first fetch must not be skipped.
            var place = new TopicPartition(topic.Name, partition);
            return new TopicPartitionOffset(place, consumer.QueryWatermarkOffsets(place, TimeSpan.FromSeconds(5)).High);
        });
        consumer.Assign([.. ends]);
        IsListening = true;
    }

    private IConsumer<Ignore, byte[]?> Build() =>
        new ConsumerBuilder<Ignore, byte[]?>(new ConsumerConfig(kafka.Value.ToClientProperties())
        {
            GroupId = "commerce.inventory-sync.api",
            ClientId = "commerce.inventory-sync.api",
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Latest,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => KafkaTrouble(error.Reason)).Build();

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Results of reservations cannot be read; trying again")]
    private partial void Trouble(Exception failure);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Kafka: {Reason}")]
    private partial void KafkaTrouble(string reason);
}
