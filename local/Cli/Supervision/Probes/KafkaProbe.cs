namespace Commerce.Streaming.Cli.Supervision.Probes;

/// <summary>ApiVersions v0, the first request of every Kafka client.</summary>
internal sealed class KafkaProbe(int port) : IHealthProbe
{
    // Size 10; api key 18, version 0, correlation id 1, client id null.
    private static readonly byte[] ApiVersions = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff];

    public async Task<Health> CheckAsync(CancellationToken cancellation) =>
        await TcpExchange.AskAsync(port, ApiVersions, cancellation) is { Length: > 0 }
            ? Health.Ready
            : Health.Silent("the broker closes the connection");
}
