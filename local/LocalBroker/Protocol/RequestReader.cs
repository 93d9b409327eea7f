using System.Buffers.Binary;
using System.Text;

namespace Commerce.Streaming.LocalBroker.Protocol;

/// <summary>
/// Reads the fields of one request body in place. Every length is checked against what is left of the frame before
/// anything is allocated, so that a hostile frame costs at most its own size.
/// </summary>
internal ref struct RequestReader
{
    /// <summary>Elements of one array; far above what a client of one node has reason to send.</summary>
    private const int MaxElements = 100_000;

    private readonly ReadOnlyMemory<byte> _frame;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _flexible;
    private int _position;

    public RequestReader(ReadOnlyMemory<byte> frame, bool flexible)
    {
        _frame = frame;
        _bytes = frame.Span;
        _flexible = flexible;
    }

    public readonly int Remaining => _bytes.Length - _position;

    public readonly ReadOnlyMemory<byte> Rest => _frame[_position..];

    public bool Bool() => Take(1)[0] != 0;

    public sbyte Int8() => (sbyte)Take(1)[0];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public Guid Uuid() => new(Take(16), bigEndian: true);

    /// <summary>A string that must not be null.</summary>
    public string String() => NullableString() ?? throw new MalformedRequestException("A required string is null.");

    public string? NullableString()
    {
        var length = _flexible ? CompactLength() : Int16();
        return length < 0 ? null : Utf8(Take(length));
    }

    /// <summary>The client id of a request header, which is never compact.</summary>
    public string? HeaderString()
    {
        var length = Int16();
        return length < 0 ? null : Utf8(Take(length));
    }

    /// <summary>Bytes that are copied, for what outlives the request.</summary>
    public byte[] Bytes()
    {
        var length = _flexible ? CompactLength() : Int32();
        return length < 0 ? [] : Take(length).ToArray();
    }

    /// <summary>Record bytes in place; they are valid until the request has been answered.</summary>
    public ReadOnlyMemory<byte>? Records()
    {
        var length = _flexible ? CompactLength() : Int32();
        if (length < 0)
            return null;
        var start = _position;
        Take(length);
        return _frame.Slice(start, length);
    }

    /// <summary>The number of elements that follow, or -1 for a null array. Each element takes at least one byte.</summary>
    public int NullableArray()
    {
        var count = _flexible ? CompactLength() : Int32();
        if (count > Math.Min(Remaining, MaxElements))
            throw new MalformedRequestException("An array claims more elements than the request has bytes.");
        return Math.Max(count, -1);
    }

    public int Array()
    {
        var count = NullableArray();
        return count >= 0 ? count : throw new MalformedRequestException("A required array is null.");
    }

    public int[] Int32Array()
    {
        var count = Array();
        var bytes = Take(count * sizeof(int));
        var values = new int[count];
        for (var i = 0; i < count; i++)
            values[i] = BinaryPrimitives.ReadInt32BigEndian(bytes[(i * sizeof(int))..]);
        return values;
    }

    public List<string> StringArray() => NullableStringArray() ?? throw new MalformedRequestException("A required array is null.");

    public List<string>? NullableStringArray()
    {
        var count = NullableArray();
        if (count < 0)
            return null;
        var values = new List<string>();
        for (var i = 0; i < count; i++)
            values.Add(String());
        return values;
    }

    /// <summary>Skips the tagged fields that end a structure of a flexible version; none of them matters to one node.</summary>
    public void Tags()
    {
        if (!_flexible)
            return;
        for (var count = UnsignedVarint(); count > 0; count--)
        {
            UnsignedVarint();
            Take((int)UnsignedVarint());
        }
    }

    private int CompactLength() => (int)UnsignedVarint() - 1;

    private uint UnsignedVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var b = Take(1)[0];
            value |= (uint)(b & 0x7F) << shift;
            if ((b & 0x80) == 0)
                return value <= int.MaxValue ? value : throw new MalformedRequestException("A length is out of range.");
        }

        throw new MalformedRequestException("A variable-length number does not end.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Remaining)
            throw new MalformedRequestException("The request ends before its last field.");
        var taken = _bytes.Slice(_position, length);
        _position += length;
        return taken;
    }

    private static string Utf8(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
