using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>
/// Stands between clients and a broker, and keeps the requests that pass. It listens on the broker's own port of another
/// loopback address, which the broker tells clients to use.
/// </summary>
internal sealed class FrameRecorder : IAsyncDisposable
{
    public const string Host = "127.0.0.2";

    private readonly TcpListener _listener;
    private readonly int _port;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _serving = new();

    public FrameRecorder(int brokerPort)
    {
        _port = brokerPort;
        _listener = new TcpListener(IPAddress.Parse(Host), brokerPort);
        _listener.Start();
        _serving[AcceptAsync()] = true;
    }

    /// <summary>Requests without their length.</summary>
    public ConcurrentQueue<byte[]> Frames { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_serving.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _serving[ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token))] = true;
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
            await Task.WhenAny(RecordAsync(near.GetStream(), far.GetStream()), far.GetStream().CopyToAsync(near.GetStream(), _stop.Token));
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
        {
            // Either side left.
        }
    }

    private async Task RecordAsync(NetworkStream from, NetworkStream to)
    {
        var prefix = new byte[4];
        while (await from.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, _stop.Token) == prefix.Length)
        {
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
            await from.ReadExactlyAsync(frame, _stop.Token);
            Frames.Enqueue(frame);
            await to.WriteAsync(prefix, _stop.Token);
            await to.WriteAsync(frame, _stop.Token);
        }
    }
}
