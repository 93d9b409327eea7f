namespace Commerce.Streaming.Processing.Rig.Counting;

/// <summary>The servers of a run.</summary>
/// <param name="Redis"><c>redis://host:port</c>; empty when the topology shows nothing.</param>
public sealed record Addresses(string Kafka, string Registry, string Redis)
{
    public Dictionary<string, string> ClientProperties => new(StringComparer.Ordinal) { ["bootstrap.servers"] = Kafka };

    public Dictionary<string, string> RegistryProperties => new(StringComparer.Ordinal) { ["schema.registry.url"] = Registry };

    /// <summary>As StackExchange.Redis writes it.</summary>
    public string RedisConfiguration => new Uri(Redis) is var uri ? $"{uri.Host}:{uri.Port}" : "";
}
