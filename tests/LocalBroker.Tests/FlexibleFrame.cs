using System.Buffers.Binary;
using System.Text;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>Writes a request of a flexible version, field by field.</summary>
internal sealed class FlexibleFrame
{
    private readonly MemoryStream _bytes = new();

    public FlexibleFrame(short api, short version)
    {
        Int16(api).Int16(version).Int32(1);
        Int16(4);
        _bytes.Write("test"u8);
        Tags();
    }

    public byte[] ToArray() => _bytes.ToArray();

    public FlexibleFrame Int16(short value)
    {
        Span<byte> buffer = stackalloc byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(buffer, value);
        _bytes.Write(buffer);
        return this;
    }

    public FlexibleFrame Int32(int value)
    {
        Span<byte> buffer = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(buffer, value);
        _bytes.Write(buffer);
        return this;
    }

    public FlexibleFrame Int64(long value) => Int32((int)(value >> 32)).Int32((int)value);

    /// <summary>At most 126 bytes.</summary>
    public FlexibleFrame String(string? value)
    {
        var bytes = Encoding.UTF8.GetBytes(value ?? "");
        _bytes.WriteByte(value is null ? (byte)0 : (byte)(bytes.Length + 1));
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>At most 126 elements, which follow; null is no array.</summary>
    public FlexibleFrame Array(int? count)
    {
        _bytes.WriteByte((byte)(count + 1 ?? 0));
        return this;
    }

    public FlexibleFrame Tags()
    {
        _bytes.WriteByte(0);
        return this;
    }
}
