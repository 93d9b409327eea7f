using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Where Kafka is. Any librdkafka property (security, TLS, timeouts) passes through <see cref="Client"/>.</summary>
public sealed class KafkaOptions
{
    public const string Section = "Kafka";

    /// <summary><c>host:port[,host:port…]</c>.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Kafka:BootstrapServers is missing: set Kafka__BootstrapServers=host:port")]
    public string BootstrapServers { get; init; } = "";

    /// <summary>
    /// librdkafka properties by name. Shells cannot export names with dots, so <c>Kafka__Client__security_protocol</c> means
    /// <c>security.protocol</c>.
    /// </summary>
    public Dictionary<string, string> Client { get; init; } = [];

    /// <summary>A new dictionary for <c>new ClientConfig(…)</c> and its kin; callers add what their client needs.</summary>
    public Dictionary<string, string> ToClientProperties()
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["bootstrap.servers"] = BootstrapServers };
        foreach (var (name, value) in Client)
            properties[name.Replace('_', '.').ToLowerInvariant()] = value;
        return properties;
    }
}
