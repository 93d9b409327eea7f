using Commerce.Streaming.Provisioning;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Kafka;

/// <summary>Writes records as they are to given partitions; after <see cref="Flush"/> each is on all replicas in sync.</summary>
internal sealed class RecordWriter : IDisposable
{
    /// <summary>What a broker takes is its own affair; the client shall not be the one that refuses.</summary>
    public const int RecordBytesMax = 64 * 1024 * 1024;

    private static readonly TimeSpan QueueWait = TimeSpan.FromMilliseconds(100);
    private readonly IProducer<byte[], byte[]?> _producer;
    private volatile Error? _failure;

    public RecordWriter(ProducerConfig config) =>
        _producer = new ProducerBuilder<byte[], byte[]?>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    public void Write(TopicPartition at, Message<byte[], byte[]?> record, CancellationToken cancellation)
    {
        var message = new Message<byte[], byte[]?>
        {
            Key = record.Key,
            Value = record.Value,
            Headers = record.Headers,
            Timestamp = record.Timestamp.Type == TimestampType.NotAvailable ? Timestamp.Default : new Timestamp(record.Timestamp.UnixTimestampMs, TimestampType.CreateTime),
        };
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                _producer.Produce(at, message, report => _failure ??= report.Error.IsError ? report.Error : null);
                return;
            }
            catch (ProduceException<byte[], byte[]?> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Poll(QueueWait);
            }
        }
    }

    /// <exception cref="ProvisioningException">A record was not taken.</exception>
    public void Flush(CancellationToken cancellation)
    {
        _producer.Flush(cancellation);
        if (_failure is { } failure)
            throw new ProvisioningException($"Kafka did not take a record: {failure.Reason}");
    }

    public void Dispose() => _producer.Dispose();
}
