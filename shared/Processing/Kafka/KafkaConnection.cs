using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>Addresses of Kafka and the registry, from the sections that every service of the platform has.</summary>
/// <param name="PartitionsMultiple">By how much there are more partitions than the catalogue says.</param>
internal sealed record KafkaConnection(
    IReadOnlyDictionary<string, string> ClientProperties, IReadOnlyDictionary<string, string> RegistryProperties, int PartitionsMultiple = 1)
{
    /// <exception cref="TopologyException">An address is missing.</exception>
    public static KafkaConnection From(IConfiguration configuration)
    {
        var kafka = configuration.GetSection(KafkaOptions.Section).Get<KafkaOptions>() ?? new KafkaOptions();
        var registry = configuration.GetSection(SchemaRegistryOptions.Section).Get<SchemaRegistryOptions>() ?? new SchemaRegistryOptions();
        if (kafka.BootstrapServers.Length == 0)
            throw new TopologyException("Kafka:BootstrapServers is missing: set Kafka__BootstrapServers");
        if (registry.Url.Length == 0)
            throw new TopologyException("SchemaRegistry:Url is missing: set SchemaRegistry__Url");
        if (kafka.PartitionsMultiple is < 1 or > KafkaOptions.PartitionsMultipleMax)
            throw new TopologyException($"Kafka:PartitionsMultiple must be 1 to {KafkaOptions.PartitionsMultipleMax}");
        return new KafkaConnection(kafka.ToClientProperties(), registry.ToClientProperties(), kafka.PartitionsMultiple);
    }

    public ConsumerConfig Consumer() => new(Copy(ClientProperties));

    public ProducerConfig Producer() => new(Copy(ClientProperties));

    private static Dictionary<string, string> Copy(IReadOnlyDictionary<string, string> properties) => new(properties, StringComparer.Ordinal);
}
