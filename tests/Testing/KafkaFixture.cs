using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provisioning;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;

namespace Commerce.Streaming.Testing;

/// <summary>
/// One Kafka and one schema registry for a test assembly, with the whole catalogue provisioned. Tests share the topics, so each
/// looks only at keys of its own, or makes its own topic.
/// Use: <c>[assembly: AssemblyFixture(typeof(KafkaFixture))]</c>, then take it as a constructor argument.
/// </summary>
public sealed class KafkaFixture : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _servers = [];

    /// <summary>Bootstrap servers.</summary>
    public string BootstrapServers { get; private set; } = "";

    /// <summary>Base URL of the registry.</summary>
    public string RegistryUrl { get; private set; } = "";

    /// <summary>librdkafka properties of a client of this Kafka.</summary>
    public Dictionary<string, string> ClientProperties => new(StringComparer.Ordinal) { ["bootstrap.servers"] = BootstrapServers };

    /// <summary>schema.registry.* properties of a client of this registry.</summary>
    public Dictionary<string, string> RegistryProperties => new(StringComparer.Ordinal) { ["schema.registry.url"] = RegistryUrl };

    /// <summary>The settings that point a service at these servers.</summary>
    public Dictionary<string, string?> ServiceSettings => new(StringComparer.Ordinal)
    {
        ["Kafka:BootstrapServers"] = BootstrapServers,
        ["SchemaRegistry:Url"] = RegistryUrl,
        ["Privacy:SealingKey"] = SealingKey,
        // Tests of a service call it; who may is tested where it is decided.
        ["ApiAccess:Required"] = "false",
    };

    /// <summary>Seals dead letters and quarantined input.</summary>
    public static string SealingKey { get; } = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());

    public async ValueTask InitializeAsync()
    {
        (BootstrapServers, RegistryUrl) = await KafkaServers.StartAsync(_servers);
        using var provisioner = new Provisioner(ClientProperties, RegistryProperties);
        await provisioner.ProvisionAsync(Topics.All);
    }

    /// <summary>Makes a topic for one test and answers its name.</summary>
    public async Task<string> CreateTopicAsync(string purpose, int partitions = 1, Dictionary<string, string>? settings = null)
    {
        var name = $"test.{purpose}.{Guid.NewGuid():N}";
        using var admin = new AdminClientBuilder(ClientProperties).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = -1, Configs = settings }]);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers))
            await server.DisposeAsync();
    }
}
