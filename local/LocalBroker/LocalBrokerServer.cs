using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Commerce.Streaming.LocalBroker.Server;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.LocalBroker;

/// <summary>
/// An embedded broker that speaks the Kafka protocol: one node, data on disk, for development, tests and trial. It is never
/// a replacement for a cluster: there is no replication, no authentication and no quota.
/// </summary>
public sealed class LocalBrokerServer : IAsyncDisposable
{
    private const int Backlog = 128;

    private readonly LocalBrokerOptions _options;
    private readonly ILogger _logger;
    private readonly BrokerState _state;
    private readonly Socket _listener;
    private readonly ApiTable _apis;
    private readonly MemoryBudget _memory;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly Task _background;
    private int _disposed;

    private LocalBrokerServer(LocalBrokerOptions options, ILogger logger, BrokerState state, Socket listener)
    {
        (_options, _logger, _state, _listener) = (options, logger, state, listener);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Host = options.AdvertisedHost ?? HostOf(options.Address);
        _apis = state.Apis(options, new BrokerIdentity(state.ClusterId, Host, Port));
        _memory = new MemoryBudget(options.MaxRequestMemoryBytes);
        var maintenance = new Maintenance(state, options, logger) { CloseIdleConnections = CloseIdleConnections };
        _background = Task.WhenAll(maintenance.RunAsync(_stopping.Token), Task.Run(() => AcceptAsync(_stopping.Token)));
    }

    /// <summary>The host that clients are told to connect to.</summary>
    public string Host { get; }

    /// <summary>The port that the broker listens on.</summary>
    public int Port { get; }

    /// <summary>What to give a client as its <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>
    /// Opens the data folder, recovers what a crash left, and listens. Throws <see cref="ArgumentException"/> for options
    /// that cannot be, <see cref="IOException"/> when the folder is in use, <see cref="SocketException"/> when the port is.
    /// </summary>
    public static async Task<LocalBrokerServer> StartAsync(LocalBrokerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var logger = options.LoggerFactory.CreateLogger<LocalBrokerServer>();
        var started = options.Clock.GetTimestamp();
        var listener = new Socket(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(options.Address, options.Port));
            var state = await Task.Run(() => new BrokerState(options), cancellationToken);
            listener.Listen(Backlog);
            var server = new LocalBrokerServer(options, logger, state, listener);
            logger.Started(
                server.BootstrapServers, state.Topics.All.Count(), state.Groups.Count, (long)options.Clock.GetElapsedTime(started).TotalMilliseconds);
            return server;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Stops serving, then closes the files so that the next start has nothing to recover.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync();
        _listener.Dispose();
        foreach (var connection in _connections.Keys)
            connection.Close();
        await Task.WhenAll(_connections.Values);
        await _background;
        _state.Dispose();
        _stopping.Dispose();
        _logger.Stopped();
    }

    private static string HostOf(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : address.ToString();

    private void CloseIdleConnections()
    {
        foreach (var connection in _connections.Keys.Where(connection => connection.IdleFor > _options.MaxIdle))
            connection.Close();
    }

    private async Task AcceptAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(stopping);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client was gone before it was accepted.
                continue;
            }

            if (_connections.Count >= _options.MaxConnections)
            {
                _logger.ConnectionRefused(_options.MaxConnections);
                socket.Dispose();
                continue;
            }

            socket.NoDelay = true;
            var connection = new Connection(socket, _apis, _memory, _options, _logger);
            var start = new TaskCompletionSource();
            _connections[connection] = ServeAsync(connection, start.Task, stopping);
            start.SetResult();
        }
    }

    private async Task ServeAsync(Connection connection, Task registered, CancellationToken stopping)
    {
        await registered;
        try
        {
            await connection.RunAsync(stopping);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }
}
