namespace Commerce.Streaming.Cli.Supervision.Probes;

/// <summary>
/// PostgreSQL's SSLRequest: answered with one letter by a fresh backend, so it shows that the server accepts and forks,
/// without a login that fills its log.
/// </summary>
internal sealed class PostgresLiveProbe(int port) : IHealthProbe
{
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

    public async Task<Health> CheckAsync(CancellationToken cancellation)
    {
        var answer = await TcpExchange.AskAsync(port, SslRequest, cancellation);
        return answer is [(byte)'N' or (byte)'S', ..] ? Health.Ready : Health.Silent("the server does not answer");
    }
}
