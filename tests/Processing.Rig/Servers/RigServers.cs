using Commerce.Streaming.LocalRegistry;
using Commerce.Streaming.Processing.Rig.Counting;

namespace Commerce.Streaming.Processing.Rig.Servers;

/// <summary>Brokers and Redis as processes, the registry in this one; all in a folder of their own.</summary>
internal sealed class RigServers : IAsyncDisposable
{
    private LocalRegistryServer? _registry;

    public string Folder { get; } = Directory.CreateTempSubdirectory("commerce-processing-rig").FullName;

    public IBrokers Brokers { get; private set; } = null!;

    public RedisProcess Redis { get; private set; } = null!;

    public Addresses Addresses => new(Brokers.Bootstrap, _registry!.Url, Redis.Url);

    /// <summary>Folder with bin/kafka-start, or null.</summary>
    public static string? KafkaHome => Environment.GetEnvironmentVariable("COMMERCE_TEST_KAFKA_HOME") is { Length: > 0 } home ? home : null;

    /// <param name="brokers">0 is the embedded broker, else so many brokers of Apache Kafka.</param>
    public async Task StartAsync(int brokers)
    {
        _registry = await LocalRegistryServer.StartAsync(new LocalRegistryOptions { DataDirectory = Path.Combine(Folder, "registry") });
        Redis = new RedisProcess(Path.Combine(Folder, "redis"));
        await Redis.StartAsync();
        if (brokers == 0)
        {
            Brokers = new LocalBrokers(Folder);
            await Brokers.StartAsync(0);
            return;
        }

        var home = KafkaHome ?? throw new InvalidOperationException("COMMERCE_TEST_KAFKA_HOME must name a folder with bin/kafka-start and bin/kafka-stop");
        var kafka = new KafkaBrokers(home, Path.Combine(Folder, "kafka"), brokers);
        Brokers = kafka;
        await kafka.StartAllAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Redis is not null)
            await Redis.DisposeAsync();
        if (_registry is not null)
            await _registry.DisposeAsync();
        if (Brokers is not null)
            await Brokers.DisposeAsync();
    }
}
