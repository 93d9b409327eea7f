using System.Globalization;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Testing.Containers;
using Garnet;
using Testcontainers.Redis;
using Xunit;

namespace Commerce.Streaming.Testing;

/// <summary>
/// One Redis for a test assembly: the one that COMMERCE_TEST_REDIS_URL names, else one in a container when containers are asked
/// for, else Garnet inside this process, with Lua.
/// Tests share it, so each uses keys of its own.
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private const int PortAttempts = 5;
    private GarnetServer? _garnet;
    private RedisContainer? _container;

    /// <summary><c>redis://host:port</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The same address as StackExchange.Redis writes it.</summary>
    public string Configuration => new Uri(Url) is var uri ? $"{uri.Host}:{uri.Port}" : "";

    /// <summary>The settings that point a service at this server.</summary>
    public Dictionary<string, string?> ServiceSettings => new(StringComparer.Ordinal) { ["Redis:Url"] = Url };

    public async ValueTask InitializeAsync()
    {
        if (TestEnvironment.RedisUrl is { } external)
        {
            Url = external;
        }
        else if (TestEnvironment.UsesContainers)
        {
            _container = await StoreContainers.StartRedisAsync();
            Url = "redis://" + _container.GetConnectionString();
        }
        else
        {
            StartGarnet();
        }
    }

    /// <summary>Empties the server, as if Redis had been lost.</summary>
    public async Task FlushAsync()
    {
        var uri = new Uri(Url);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(uri.Host, uri.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("*1\r\n$8\r\nFLUSHALL\r\n"u8.ToArray());
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer);
        if (!answer.AsSpan().SequenceEqual("+OK\r\n"u8))
            throw new InvalidOperationException("FLUSHALL was refused");
    }

    public async ValueTask DisposeAsync()
    {
        _garnet?.Dispose();
        if (_container is not null)
            await _container.DisposeAsync();
    }

    private void StartGarnet()
    {
        for (var attempt = 1; _garnet is null; attempt++)
        {
            var port = LoopbackPorts.FindFree();
            try
            {
                _garnet = Start(port);
                Url = string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{port}");
            }
            catch (Exception) when (attempt < PortAttempts)
            {
                // Somebody took the port between finding and binding it.
            }
        }
    }

    private static GarnetServer Start(int port)
    {
        var server = new GarnetServer(
        [
            "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture),
            "--memory", "64m", "--index", "8m", "--lua", "true", "--lua-transaction-mode", "true", "-q", "true",
        ]);
        server.Start();
        return server;
    }
}
