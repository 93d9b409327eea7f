using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>
/// Transactions that write one key to topic <c>left</c> and to topic <c>right</c>; every third is aborted. What became of the ones
/// that an error interrupted is not known, but it must be the same in both topics.
/// </summary>
internal sealed class TransactionalPairs(string address)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public const string Left = "left";
    public const string Right = "right";

    /// <summary>Keys of transactions whose commit was confirmed.</summary>
    public ConcurrentBag<string> Committed { get; } = [];

    /// <summary>Keys of transactions whose abort was confirmed.</summary>
    public ConcurrentBag<string> Aborted { get; } = [];

    public void Run(CancellationToken stop)
    {
        var number = 0;
        while (!stop.IsCancellationRequested)
        {
            using var producer = Producer();
            try
            {
                producer.InitTransactions(Patience);
                while (!stop.IsCancellationRequested)
                    Transact(producer, ++number);
            }
            catch (KafkaException)
            {
                // The broker died in the middle: a new producer ends what this one left open.
            }
        }
    }

    private void Transact(IProducer<string, string> producer, int number)
    {
        var record = new Message<string, string> { Key = $"{number}", Value = "" };
        producer.BeginTransaction();
        producer.Produce(Left, record);
        producer.Produce(Right, record);
        if (number % 3 == 0)
        {
            producer.Flush(Patience);
            producer.AbortTransaction(Patience);
            Aborted.Add(record.Key);
        }
        else
        {
            producer.CommitTransaction(Patience);
            Committed.Add(record.Key);
        }
    }

    private IProducer<string, string> Producer() => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = address,
        TransactionalId = "pairs",
        LingerMs = 0,
        ReconnectBackoffMaxMs = 200,
        MetadataRecoveryStrategy = MetadataRecoveryStrategy.None,
    }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
}
