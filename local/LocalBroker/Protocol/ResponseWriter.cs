using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.Protocol;

/// <summary>
/// Builds one response. Ordinary fields go to a pooled buffer; record data is only noted as a slice of a log file at its
/// place and is read from the file when the response is sent.
/// </summary>
internal sealed class ResponseWriter : IDisposable
{
    private const int InitialSize = 4 * 1024;

    /// <summary>A buffer that one large response grew beyond this is given back instead of kept for the connection.</summary>
    private const int KeptSize = 64 * 1024;

    private readonly List<Splice> _splices = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _length;
    private bool _flexible;
    private long _spliced;

    public readonly record struct Splice(int Position, LogSlice Slice);

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public IReadOnlyList<Splice> Splices => _splices;

    /// <summary>The bytes of the whole response, spliced records included.</summary>
    public long TotalLength => _length + _spliced;

    /// <summary>Drops what was written and starts the response of a flexible or an older version.</summary>
    public void Reset(bool flexible)
    {
        foreach (var splice in _splices)
            splice.Slice.Dispose();
        _splices.Clear();
        _spliced = 0;
        _length = 0;
        _flexible = flexible;
        if (_buffer.Length <= KeptSize)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    }

    public ResponseWriter Bool(bool value) => Int8(value ? (sbyte)1 : (sbyte)0);

    public ResponseWriter Int8(sbyte value)
    {
        Grow(1)[0] = (byte)value;
        return this;
    }

    public ResponseWriter Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Grow(2), value);
        return this;
    }

    public ResponseWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Grow(4), value);
        return this;
    }

    public ResponseWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Grow(8), value);
        return this;
    }

    public ResponseWriter Uuid(Guid value)
    {
        value.TryWriteBytes(Grow(16), bigEndian: true, out _);
        return this;
    }

    public ResponseWriter Error(ErrorCode code) => Int16((short)code);

    public ResponseWriter String(string? value)
    {
        if (value is null)
            return _flexible ? UnsignedVarint(0) : Int16(-1);
        var length = Encoding.UTF8.GetByteCount(value);
        if (_flexible)
            UnsignedVarint((uint)length + 1);
        else
            Int16(checked((short)length));
        Encoding.UTF8.GetBytes(value, Grow(length));
        return this;
    }

    public ResponseWriter Bytes(ReadOnlySpan<byte> value)
    {
        if (_flexible)
            UnsignedVarint((uint)value.Length + 1);
        else
            Int32(value.Length);
        value.CopyTo(Grow(value.Length));
        return this;
    }

    /// <summary>Announces <paramref name="count"/> elements; the caller writes them next.</summary>
    public ResponseWriter Array(int count) => _flexible ? UnsignedVarint((uint)count + 1) : Int32(count);

    public ResponseWriter NullArray() => _flexible ? UnsignedVarint(0) : Int32(-1);

    public ResponseWriter Int32Array(ReadOnlySpan<int> values)
    {
        Array(values.Length);
        foreach (var value in values)
            Int32(value);
        return this;
    }

    /// <summary>Takes over <paramref name="slice"/>: its bytes are sent at this place and then it is released.</summary>
    public ResponseWriter Records(LogSlice slice)
    {
        if (_flexible)
            UnsignedVarint((uint)slice.Length + 1);
        else
            Int32(slice.Length);
        if (slice.Length == 0)
        {
            slice.Dispose();
            return this;
        }

        _splices.Add(new Splice(_length, slice));
        _spliced += slice.Length;
        return this;
    }

    public ResponseWriter NoRecords() => _flexible ? UnsignedVarint(1) : Int32(0);

    /// <summary>Ends a structure: an empty set of tagged fields in a flexible version, nothing in an older one.</summary>
    public ResponseWriter Tags() => _flexible ? UnsignedVarint(0) : this;

    public void Dispose()
    {
        Reset(flexible: false);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private ResponseWriter UnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            Grow(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Grow(1)[0] = (byte)value;
        return this;
    }

    private Span<byte> Grow(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }
}
