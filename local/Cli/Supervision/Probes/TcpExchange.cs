using System.Net;
using System.Net.Sockets;

namespace Commerce.Streaming.Cli.Supervision.Probes;

/// <summary>One short question to a local port, and the beginning of the answer: a full protocol client would be a lot to say "are you there".</summary>
internal static class TcpExchange
{
    private const int AnswerBytes = 64;

    /// <summary>The first bytes of the answer; empty when the peer closed without one.</summary>
    public static async Task<byte[]> AskAsync(int port, ReadOnlyMemory<byte> question, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        await socket.SendAsync(question, cancellation);
        var answer = new byte[AnswerBytes];
        var length = await socket.ReceiveAsync(answer, cancellation);
        return answer[..length];
    }
}
