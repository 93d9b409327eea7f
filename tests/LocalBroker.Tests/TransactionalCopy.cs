using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>
/// Consume, transform, produce, with the offsets in the transaction: copies topic <c>source</c> to <c>copies</c>. An error
/// makes it begin again from what was committed, as a restarted worker would.
/// </summary>
internal sealed class TransactionalCopy(string address)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(100);

    private const int BatchSize = 200;

    /// <summary>Runs until stopped; <paramref name="onCommitted"/> is told the sum of the committed offsets.</summary>
    public void Run(CancellationToken stop, Action<long>? onCommitted = null)
    {
        while (!stop.IsCancellationRequested)
        {
            using var consumer = Consumer();
            using var producer = Producer();
            try
            {
                producer.InitTransactions(Patience);
                consumer.Subscribe("source");
                while (!stop.IsCancellationRequested)
                {
                    CopyBatch(consumer, producer, stop);
                    onCommitted?.Invoke(consumer.Committed(Patience).Sum(at => Math.Max(0, at.Offset.Value)));
                }

                consumer.Close();
            }
            catch (KafkaException)
            {
                // The broker died in the middle: a new consumer and producer go on from the committed offsets.
            }
        }
    }

    private static void CopyBatch(IConsumer<string, string> consumer, IProducer<string, string> producer, CancellationToken stop)
    {
        var batch = new List<ConsumeResult<string, string>>();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (batch.Count < BatchSize && clock.Elapsed < BatchTime && !stop.IsCancellationRequested)
        {
            if (consumer.Consume(BatchTime) is { } read)
                batch.Add(read);
        }

        if (batch.Count == 0)
            return;
        producer.BeginTransaction();
        foreach (var read in batch)
            producer.Produce("copies", new Message<string, string> { Key = read.Message.Key, Value = read.Message.Value });
        producer.SendOffsetsToTransaction(batch.GroupBy(r => r.TopicPartition)
            .Select(group => new TopicPartitionOffset(group.Key, group.Max(r => r.Offset.Value) + 1)), consumer.ConsumerGroupMetadata, Patience);
        producer.CommitTransaction(Patience);
    }

    private IConsumer<string, string> Consumer() => new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = address,
        GroupId = "copy",
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        IsolationLevel = IsolationLevel.ReadCommitted,
        SessionTimeoutMs = 6_000,
        ReconnectBackoffMaxMs = 200,
    }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    private IProducer<string, string> Producer() => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = address,
        TransactionalId = "copy",
        LingerMs = 0,
        // The default forgets a coordinator that all connections were lost to, and then waits for it for ever.
        MetadataRecoveryStrategy = MetadataRecoveryStrategy.None,
        ReconnectBackoffMaxMs = 200,
    }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
}
