using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>Clients of the kind that the platform uses, of whichever broker is at the address.</summary>
public abstract class BrokerClients
{
    public static CancellationToken Ended => TestContext.Current.CancellationToken;

    public abstract string Address { get; }

    public IProducer<string, string> Producer(Action<ProducerConfig>? with = null, Action<Error>? onError = null)
    {
        var config = new ProducerConfig { BootstrapServers = Address, LingerMs = 0, Acks = Acks.All, ReconnectBackoffMaxMs = 200 };
        with?.Invoke(config);
        return new ProducerBuilder<string, string>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => onError?.Invoke(error))
            .Build();
    }

    public IProducer<string, string> Transactional(string id, Action<ProducerConfig>? with = null, Action<Error>? onError = null) => Producer(
        config =>
        {
            config.TransactionalId = id;
            config.TransactionTimeoutMs = 30_000;
            with?.Invoke(config);
        },
        onError);

    public IConsumer<string, string> Consumer(string group, Action<ConsumerConfig>? with = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = Address,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
        };
        with?.Invoke(config);
        return new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    public IAdminClient Admin() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Address }).SetLogHandler((_, _) => { }).Build();

    public async Task CreateAsync(string topic, int partitions = 1, Dictionary<string, string>? config = null)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, Configs = config ?? [] }]);
    }

    /// <summary>Creates a topic whose name no other test uses, and answers it.</summary>
    public async Task<string> NewTopicAsync(int partitions = 1, Dictionary<string, string>? config = null)
    {
        var topic = Unique("topic");
        await CreateAsync(topic, partitions, config);
        return topic;
    }

    /// <summary>A name that no other test uses, for tests that share a broker.</summary>
    public static string Unique(string purpose) => $"{purpose}-{Guid.NewGuid():N}";

    /// <summary>Everything that a reader of the topic sees now, from the beginning, by partition and offset.</summary>
    public List<ConsumeResult<string, string>> ReadAll(string topic, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        using var consumer = Consumer("reader-" + Guid.NewGuid(), config =>
        {
            config.IsolationLevel = isolation;
            config.EnablePartitionEof = true;
        });
        using var admin = Admin();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions;
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(topic, p.PartitionId, Offset.Beginning)));
        var all = new List<ConsumeResult<string, string>>();
        for (var left = partitions.Count; left > 0;)
        {
            var read = consumer.Consume(TimeSpan.FromSeconds(10)) ?? throw new TimeoutException($"Nothing came from {topic}.");
            if (read.IsPartitionEOF)
                left--;
            else
                all.Add(read);
        }

        return [.. all.OrderBy(r => r.Partition.Value).ThenBy(r => r.Offset.Value)];
    }
}
