using Confluent.Kafka;
using Microsoft.Extensions.Configuration;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>Addresses of Kafka and the registry, from the sections that every service of the platform has.</summary>
internal sealed record KafkaConnection(IReadOnlyDictionary<string, string> ClientProperties, IReadOnlyDictionary<string, string> RegistryProperties)
{
    /// <exception cref="TopologyException">An address is missing.</exception>
    public static KafkaConnection From(IConfiguration configuration) =>
        new(KafkaOf(configuration.GetSection("Kafka")), RegistryOf(configuration.GetSection("SchemaRegistry")));

    public ConsumerConfig Consumer() => new(Copy(ClientProperties));

    public ProducerConfig Producer() => new(Copy(ClientProperties));

    private static Dictionary<string, string> KafkaOf(IConfigurationSection kafka)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = Required(kafka, "BootstrapServers"),
            // A broker that is back is used within a second, as with the Java client; librdkafka's own limit is ten.
            ["reconnect.backoff.max.ms"] = "1000",
        };
        // Shells cannot export names with dots: Kafka__Client__security_protocol means security.protocol.
        foreach (var property in kafka.GetSection("Client").GetChildren().Where(property => property.Value is not null))
            properties[property.Key.Replace('_', '.').ToLowerInvariant()] = property.Value!;
        return properties;
    }

    private static Dictionary<string, string> RegistryOf(IConfigurationSection registry)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["schema.registry.url"] = Required(registry, "Url"),
        };
        if (registry["BasicAuth"] is { Length: > 0 } credentials)
        {
            properties["schema.registry.basic.auth.credentials.source"] = "USER_INFO";
            properties["schema.registry.basic.auth.user.info"] = credentials;
        }

        return properties;
    }

    private static string Required(IConfigurationSection section, string name) =>
        section[name] is { Length: > 0 } value
            ? value
            : throw new TopologyException($"{section.Key}:{name} is missing: set {section.Key}__{name}");

    private static Dictionary<string, string> Copy(IReadOnlyDictionary<string, string> properties) => new(properties, StringComparer.Ordinal);
}
