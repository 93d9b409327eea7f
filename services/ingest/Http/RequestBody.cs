using System.Buffers;
using System.IO.Compression;

namespace Commerce.Streaming.Ingest.Http;

/// <summary>How reading a body ended.</summary>
internal enum BodyStatus
{
    Complete,
    TooLarge,
    MalformedGzip,
    UnknownEncoding,
}

/// <summary>A request's body in a pooled buffer, decompressed, never larger than allowed.</summary>
internal sealed class RequestBody : IDisposable
{
    private byte[]? _buffer;

    private RequestBody(BodyStatus status, byte[]? buffer, int length)
    {
        Status = status;
        _buffer = buffer;
        Bytes = buffer is null ? default : buffer.AsMemory(0, length);
    }

    public BodyStatus Status { get; }

    /// <summary>The body; with <see cref="BodyStatus.MalformedGzip"/> the bytes as they came; else empty.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>
    /// Reads up to <paramref name="bytesMax"/>. A body beyond it is read to its end and thrown away, up to Kestrel's own limit, so
    /// that the sender gets to see the answer instead of a reset connection.
    /// </summary>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int bytesMax, CancellationToken cancellationToken)
    {
        var gzip = false;
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            if (!encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
                return new RequestBody(BodyStatus.UnknownEncoding, null, 0);
            gzip = true;
        }

        var expected = (int)Math.Min(request.ContentLength ?? 16 * 1024, bytesMax);
        var (buffer, length) = await FillAsync(request.Body, expected, bytesMax, cancellationToken);
        if (length > bytesMax)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await DiscardAsync(request.Body, cancellationToken);
            return new RequestBody(BodyStatus.TooLarge, null, 0);
        }

        return gzip ? await InflateAsync(buffer, length, bytesMax, cancellationToken) : new RequestBody(BodyStatus.Complete, buffer, length);
    }

    public void Dispose()
    {
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _buffer = null;
    }

    private static async Task<RequestBody> InflateAsync(byte[] compressed, int length, int bytesMax, CancellationToken cancellationToken)
    {
        try
        {
            await using var gzip = new GZipStream(new MemoryStream(compressed, 0, length, writable: false), CompressionMode.Decompress);
            var (buffer, inflated) = await FillAsync(gzip, (int)Math.Min(4L * length, bytesMax), bytesMax, cancellationToken);
            ArrayPool<byte>.Shared.Return(compressed);
            if (inflated <= bytesMax)
                return new RequestBody(BodyStatus.Complete, buffer, inflated);
            ArrayPool<byte>.Shared.Return(buffer);
            return new RequestBody(BodyStatus.TooLarge, null, 0);
        }
        catch (InvalidDataException)
        {
            return new RequestBody(BodyStatus.MalformedGzip, compressed, length);
        }
    }

    /// <summary>Reads until the end or one byte beyond the limit; a length above the limit means that there is more.</summary>
    private static async Task<(byte[] Buffer, int Length)> FillAsync(Stream stream, int expected, int bytesMax, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(expected + 1);
        var length = 0;
        try
        {
            while (length <= bytesMax)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, bytesMax);
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    break;
                length += read;
            }

            return (buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] full, int bytesMax)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * full.Length, bytesMax + 1L));
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    private static async Task DiscardAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
