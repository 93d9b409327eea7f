namespace Commerce.Streaming.Cli.Supervision.Probes;

internal sealed class RedisProbe(int port) : IHealthProbe
{
    private static readonly byte[] Ping = "PING\r\n"u8.ToArray();

    public async Task<Health> CheckAsync(CancellationToken cancellation)
    {
        var answer = await TcpExchange.AskAsync(port, Ping, cancellation);
        return answer.AsSpan().StartsWith("+PONG"u8) ? Health.Ready : Health.Silent("PING has no PONG");
    }
}
