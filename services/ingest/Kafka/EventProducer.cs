using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.TopicWriting;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Ingest.Kafka;

/// <summary>The one producer of the process: idempotent, acks=all, ordered by key.</summary>
internal sealed class EventProducer : ITopicWriter, IDisposable
{
    private const int QueueMessagesMax = 500_000;
    private const int LingerMs = 5;
    private const int BatchBytesMax = 1024 * 1024;
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(10);
    private readonly IProducer<byte[], byte[]> _producer;
    private volatile string? _fatal;

    public EventProducer(IOptions<KafkaOptions> kafka, IOptions<IngestOptions> options, ILogger<EventProducer> logger)
    {
        var settings = ProducerSettings.Reliable(kafka.Value, TimeSpan.FromSeconds(options.Value.DeliverySecondsMax));
        settings.LingerMs = LingerMs;
        settings.BatchSize = BatchBytesMax;
        settings.CompressionType = CompressionType.Lz4;
        settings.QueueBufferingMaxMessages = QueueMessagesMax;
        settings.QueueBufferingMaxKbytes = (int)(options.Value.InFlightBytesMax / 1024) * 2;
        // Delivery reports carry nothing but success or failure: no copies of keys and values.
        settings.DeliveryReportFields = "none";
        _producer = new ProducerBuilder<byte[], byte[]>(settings)
            .SetLogHandler((_, message) => IngestLog.KafkaClient(logger, message.Message))
            .SetErrorHandler((_, error) => OnError(error, logger))
            .Build();
    }

    public IReadOnlyList<Topic> Topics { get; } =
        [Contracts.Topics.CollectionEvents, Contracts.Topics.CollectionQuarantine, Contracts.Topics.InventoryStockCommands];

    public Handle Handle => _producer.Handle;

    public string? FatalError => _fatal;

    /// <summary>Queues one record; <paramref name="batch"/> learns what becomes of it.</summary>
    public void Produce(DeliveryBatch batch, string topic, string key, byte[] value)
    {
        batch.Add();
        try
        {
            var message = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(key),
                Value = value,
                Headers = batch.TakeTraced() ? TraceHeaders.OfCurrentActivity() : null,
            };
            _producer.Produce(topic, message, batch.OnReport);
        }
        catch (KafkaException)
        {
            // The queue is full or the producer is broken; either way this record is not in Kafka.
            batch.Fail();
        }
    }

    public void Dispose()
    {
        _producer.Flush(FlushTimeout);
        _producer.Dispose();
    }

    private void OnError(Error error, ILogger logger)
    {
        if (error.IsFatal)
            _fatal = error.Reason;
        IngestLog.KafkaError(logger, error.Reason);
    }
}
