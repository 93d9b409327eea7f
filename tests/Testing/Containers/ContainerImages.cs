namespace Commerce.Streaming.Testing.Containers;

/// <summary>
/// Every image that tests start, with its version: the ones that docker-compose.yml runs, so that both show the same. The registry
/// has none there, for the platform's own stands in; here it is the one that the conformance suite knows.
/// </summary>
public static class ContainerImages
{
    public const string Kafka = "apache/kafka:4.1.1";
    public const string Registry = "apicurio/apicurio-registry:3.0.9";
    public const string Redis = "redis:7-alpine";
    public const string Postgres = "postgres:17-alpine";
}
