using System.Text;
using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Ingest.Kafka;

/// <summary>The one producer of the process: idempotent, acks=all, ordered by key.</summary>
internal sealed class EventProducer : IDisposable
{
    private const int QueueMessagesMax = 500_000;
    private const int LingerMs = 5;
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(10);
    private readonly IProducer<byte[], byte[]> _producer;
    private volatile string? _fatal;

    public EventProducer(IOptions<KafkaOptions> kafka, IOptions<IngestOptions> options, ILogger<EventProducer> logger)
    {
        var settings = new ProducerConfig(kafka.Value.ToClientProperties())
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            // Java's partitioner: every producer of the platform must agree on where a key lives.
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = LingerMs,
            BatchSize = 1024 * 1024,
            CompressionType = CompressionType.Lz4,
            QueueBufferingMaxMessages = QueueMessagesMax,
            QueueBufferingMaxKbytes = (int)(options.Value.InFlightBytesMax / 1024) * 2,
            MessageTimeoutMs = options.Value.DeliverySecondsMax * 1000,
            // Delivery reports carry nothing but success or failure: no copies of keys and values.
            DeliveryReportFields = "none",
        };
        _producer = new ProducerBuilder<byte[], byte[]>(settings)
            .SetLogHandler((_, message) => IngestLog.KafkaClient(logger, message.Message))
            .SetErrorHandler((_, error) => OnError(error, logger))
            .Build();
    }

    /// <summary>The underlying client, for metadata requests over its connections.</summary>
    public Handle Handle => _producer.Handle;

    /// <summary>Set when the producer cannot go on without losing order or exactness; the process has to be restarted.</summary>
    public string? FatalError => _fatal;

    /// <summary>Queues one record; <paramref name="batch"/> learns what becomes of it.</summary>
    public void Produce(DeliveryBatch batch, string topic, string key, byte[] value)
    {
        batch.Add();
        try
        {
            _producer.Produce(topic, new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = value }, batch.OnReport);
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
