using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using Snappier;
using ZstdSharp;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// The records of a batch with and without their compression. Only compaction and the search by time look inside a batch;
/// producers and consumers get what was sent.
/// </summary>
internal static class BatchBody
{
    /// <summary>Records of one batch after unpacking, however small it was: a limit against bombs.</summary>
    public const int MaxUnpackedBytes = 128 * 1024 * 1024;

    private const int CopyBufferBytes = 64 * 1024;

    // Java wraps snappy in blocks of its own, behind this magic and eight bytes of versions; others send one plain block.
    private static readonly byte[] XerialMagic = [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];
    private const int XerialHeadSize = 16;

    /// <summary>Returns the records of a whole batch; false when its bytes are damaged or would be too many.</summary>
    public static bool TryUnpack(ReadOnlyMemory<byte> batch, in BatchHeader header, out ReadOnlyMemory<byte> body)
    {
        var packed = batch[BatchHeader.Size..];
        body = packed;
        try
        {
            body = header.Codec switch
            {
                BatchCodec.None => packed,
                BatchCodec.Gzip => ReadAll(packed, stream => new GZipStream(stream, CompressionMode.Decompress)),
                BatchCodec.Snappy => UnpackSnappy(packed.Span),
                BatchCodec.Lz4 => ReadAll(packed, stream => LZ4Stream.Decode(stream)),
                BatchCodec.Zstd => ReadAll(packed, stream => new DecompressionStream(stream)),
                _ => throw new InvalidDataException("The codec is unknown."),
            };
            return true;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException or ZstdException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Packs records as the codec of their batch says.</summary>
    public static ReadOnlyMemory<byte> Pack(ReadOnlySpan<byte> records, int codec) => codec switch
    {
        BatchCodec.Gzip => WriteAll(records, stream => new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true)),
        BatchCodec.Snappy => Snappy.CompressToArray(records),
        BatchCodec.Lz4 => WriteAll(records, stream => LZ4Stream.Encode(stream, leaveOpen: true)),
        BatchCodec.Zstd => WriteAll(records, stream => new CompressionStream(stream, leaveOpen: true)),
        _ => records.ToArray(),
    };

    private static ReadOnlyMemory<byte> ReadAll(ReadOnlyMemory<byte> packed, Func<Stream, Stream> open)
    {
        using var unpacking = open(new MemoryStream(packed.ToArray(), writable: false));
        var body = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBufferBytes);
        try
        {
            for (int read; (read = unpacking.Read(buffer)) > 0;)
            {
                body.Write(buffer, 0, read);
                if (body.Length > MaxUnpackedBytes)
                    throw new InvalidDataException("A batch unpacks to more than is allowed.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static ReadOnlyMemory<byte> WriteAll(ReadOnlySpan<byte> records, Func<Stream, Stream> open)
    {
        var packed = new MemoryStream();
        using (var packing = open(packed))
            packing.Write(records);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }

    private static ReadOnlyMemory<byte> UnpackSnappy(ReadOnlySpan<byte> packed)
    {
        if (!packed.StartsWith(XerialMagic))
            return UnpackBlock(packed);
        var body = new MemoryStream();
        for (var rest = packed[XerialHeadSize..]; !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0 || length > rest.Length - sizeof(int))
                throw new InvalidDataException("A snappy block is cut.");
            body.Write(UnpackBlock(rest.Slice(sizeof(int), length)).Span);
            if (body.Length > MaxUnpackedBytes)
                throw new InvalidDataException("A batch unpacks to more than is allowed.");
            rest = rest[(sizeof(int) + length)..];
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static ReadOnlyMemory<byte> UnpackBlock(ReadOnlySpan<byte> block) =>
        Snappy.GetUncompressedLength(block) <= MaxUnpackedBytes
            ? Snappy.DecompressToArray(block)
            : throw new InvalidDataException("A batch unpacks to more than is allowed.");
}
