using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Commerce.Streaming.LocalBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>
/// One client connection. Requests are handled one after another and answered in their order, as Kafka does; answers to
/// requests that arrived together leave together.
/// </summary>
internal sealed class Connection(Socket socket, ApiTable apis, MemoryBudget memory, LocalBrokerOptions options, ILogger logger)
{
    private const int LengthPrefix = sizeof(int);

    /// <summary>The length and the request type, which together say whether the rest is read at all.</summary>
    private const int Preamble = LengthPrefix + sizeof(short);

    /// <summary>Largest request that carries no records: its fields become objects, several times their size.</summary>
    private const int MaxControlRequestBytes = 4 * 1024 * 1024;

    private const int ReceiveBufferBytes = 64 * 1024;
    private const int SendBufferBytes = 32 * 1024;

    /// <summary>Requests up to this size are not charged to the memory budget: the receive buffer holds them.</summary>
    private const int UnchargedBytes = ReceiveBufferBytes;

    /// <summary>Unsent bytes at which a large answer is pushed out before more of it is read from disk.</summary>
    private const int FlushAtBytes = 256 * 1024;

    private const long Busy = long.MaxValue;

    private long _idleSince = options.Clock.GetTimestamp();

    /// <summary>How long the client has not asked anything; zero while a request is being answered.</summary>
    public TimeSpan IdleFor =>
        Volatile.Read(ref _idleSince) is var since && since == Busy ? TimeSpan.Zero : options.Clock.GetElapsedTime(since);

    /// <summary>Ends the connection; what waits on it ends too.</summary>
    public void Close() => socket.Dispose();

    public async Task RunAsync(CancellationToken stopping)
    {
        var host = "/" + ((IPEndPoint)socket.RemoteEndPoint!).Address.MapToIPv4();
        using var response = new ResponseWriter();
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReceiveBufferBytes, leaveOpen: true));
        var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: SendBufferBytes, leaveOpen: true));
        try
        {
            await ServeAsync(input, output, new RequestContext(host, response, stopping));
        }
        catch (MalformedRequestException malformed)
        {
            logger.RequestMalformed(malformed.Message);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client left or the broker stops: neither is news.
        }
        catch (Exception fault)
        {
            logger.ConnectionFailed(fault);
        }
        finally
        {
            await input.CompleteAsync();

            // Completing without a reason would try to send what is left, to a client that may be gone.
            await output.CompleteAsync(new OperationCanceledException("The connection has ended."));
        }
    }

    private async Task ServeAsync(PipeReader input, PipeWriter output, RequestContext request)
    {
        while (true)
        {
            var hasRead = input.TryRead(out var read);
            if (!hasRead || read.Buffer.Length < Preamble)
            {
                if (hasRead)
                    input.AdvanceTo(read.Buffer.Start);
                await FlushAsync(output, request.Stopping);
                read = await input.ReadAtLeastAsync(Preamble, request.Stopping);
                if (read.Buffer.Length < Preamble)
                    return;
            }

            var length = ReadLength(read.Buffer);
            using var grant = length > UnchargedBytes ? await memory.TakeAsync(length, request.Stopping) : default;
            if (read.Buffer.Length < LengthPrefix + length)
            {
                input.AdvanceTo(read.Buffer.Start);
                await FlushAsync(output, request.Stopping);
                read = await input.ReadAtLeastAsync(LengthPrefix + length, request.Stopping);
                if (read.Buffer.Length < LengthPrefix + length)
                    return;
            }

            var frame = read.Buffer.Slice(LengthPrefix, length);
            Volatile.Write(ref _idleSince, Busy);
            await HandleAsync(frame, output, request);
            Volatile.Write(ref _idleSince, options.Clock.GetTimestamp());
            input.AdvanceTo(frame.End);
        }
    }

    private int ReadLength(ReadOnlySequence<byte> buffer)
    {
        Span<byte> preamble = stackalloc byte[Preamble];
        buffer.Slice(0, Preamble).CopyTo(preamble);
        var length = BinaryPrimitives.ReadInt32BigEndian(preamble);
        var key = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(preamble[LengthPrefix..]);
        var limit = key == ApiKey.Produce ? options.MaxRequestBytes : Math.Min(options.MaxRequestBytes, MaxControlRequestBytes);
        return length >= sizeof(short) && length <= limit
            ? length
            : throw new MalformedRequestException($"A request of type {(short)key} announces {length} bytes.");
    }

    private async ValueTask HandleAsync(ReadOnlySequence<byte> frame, PipeWriter output, RequestContext request)
    {
        if (frame.IsSingleSegment)
        {
            await HandleAsync(frame.First, output, request);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)frame.Length);
        try
        {
            frame.CopyTo(rented);
            await HandleAsync(rented.AsMemory(0, (int)frame.Length), output, request);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private async ValueTask HandleAsync(ReadOnlyMemory<byte> frame, PipeWriter output, RequestContext request)
    {
        var api = apis.Begin(frame, request);
        await api.HandleAsync(request);
        if (!request.IsOneWay)
            await SendAsync(request.Response, output, request.Stopping);
        request.Response.Reset(flexible: false);
    }

    private static async ValueTask SendAsync(ResponseWriter response, PipeWriter output, CancellationToken stopping)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(LengthPrefix), checked((int)response.TotalLength));
        output.Advance(LengthPrefix);
        var sent = 0;
        foreach (var (position, slice) in response.Splices)
        {
            output.Write(response.Written.Span[sent..position]);
            sent = position;
            for (var done = 0; done < slice.Length;)
            {
                var wanted = Math.Min(slice.Length - done, SendBufferBytes);
                var read = slice.Read(output.GetSpan(wanted)[..wanted], done);
                if (read == 0)
                    throw new IOException("A segment ends before the records that were promised.");
                output.Advance(read);
                done += read;
                if (output.UnflushedBytes >= FlushAtBytes)
                    await FlushAsync(output, stopping);
            }
        }

        output.Write(response.Written.Span[sent..]);
        if (output.UnflushedBytes >= FlushAtBytes)
            await FlushAsync(output, stopping);
    }

    private static async ValueTask FlushAsync(PipeWriter output, CancellationToken stopping)
    {
        if (output.UnflushedBytes > 0)
            await output.FlushAsync(stopping);
    }
}
