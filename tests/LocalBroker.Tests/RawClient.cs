using System.Buffers.Binary;
using System.Net.Sockets;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>A connection that sends whatever bytes it is told to.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawClient()
    {
    }

    public static Task<RawClient> ConnectAsync(TestBroker broker) => ConnectAsync("127.0.0.1", broker.Server.Port);

    public static async Task<RawClient> ConnectAsync(string host, int port)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(host, port, TestBroker.Ended);
        return client;
    }

    /// <summary>Sends a frame with its length before it.</summary>
    public async Task SendAsync(byte[] frame)
    {
        var bytes = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes, 4);
        await SendBytesAsync(bytes);
    }

    public async Task SendBytesAsync(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes.AsMemory(sent), TestBroker.Ended);
    }

    /// <summary>Reads one frame; null when the broker has closed the connection.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        if (await ReadAsync(4) is not { } prefix)
            return null;
        return await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(prefix));
    }

    public void Dispose() => _socket.Dispose();

    private async Task<byte[]?> ReadAsync(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            int now;
            try
            {
                now = await _socket.ReceiveAsync(bytes.AsMemory(read), TestBroker.Ended);
            }
            catch (SocketException)
            {
                return null;
            }

            if (now == 0)
                return null;
            read += now;
        }

        return bytes;
    }
}
