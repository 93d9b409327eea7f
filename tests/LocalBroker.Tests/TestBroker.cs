using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>A broker in this process with its own folder, and clients of the kind that the platform uses.</summary>
public sealed class TestBroker : IAsyncDisposable
{
    private readonly bool _keepFolder;

    private TestBroker(LocalBrokerServer server, string directory, bool keepFolder)
    {
        (Server, Directory, _keepFolder) = (server, directory, keepFolder);
    }

    public static CancellationToken Ended => TestContext.Current.CancellationToken;

    public LocalBrokerServer Server { get; }

    public string Directory { get; }

    public string Address => Server.BootstrapServers;

    public static string NewDirectory() => System.IO.Directory.CreateTempSubdirectory("broker-").FullName;

    /// <summary>Starts a broker; its folder is deleted at its end unless another broker is to follow in it.</summary>
    public static async Task<TestBroker> StartAsync(
        string? directory = null, Func<LocalBrokerOptions, LocalBrokerOptions>? with = null, bool keepFolder = false)
    {
        var folder = directory ?? NewDirectory();
        var options = new LocalBrokerOptions { DataDirectory = folder, GroupMinSessionTimeout = TimeSpan.FromMilliseconds(200) };
        return new TestBroker(await LocalBrokerServer.StartAsync(with?.Invoke(options) ?? options, Ended), folder, keepFolder);
    }

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

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (!_keepFolder)
            System.IO.Directory.Delete(Directory, recursive: true);
    }
}
