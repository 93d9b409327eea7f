using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>
/// Rows in Postgres's binary COPY format, written by hand: the driver's importer takes several times as long per value, and these rows
/// are most of what the sink does.
/// </summary>
internal sealed class CopyRows(Stream target, short columns) : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private const int NullLength = -1;
    private const short EndOfRows = -1;

    /// <summary>Amounts are numeric(19,4): one group of four digits behind the point.</summary>
    private const int GroupBase = 10_000;
    private const short Scale = 4;
    private const int GroupsMax = 5;
    private const decimal AmountMax = 1_000_000_000_000_000m;
    private const short Negative = 0x4000;

    /// <summary>Below this upper half an unscaled amount is below <see cref="AmountMax"/>.</summary>
    private const uint SmallHighBits = 1 << 30;

    private static readonly long PostgresEpochTicks = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _used;

    /// <summary>Starts the stream: signature, no flags, no extension.</summary>
    public void Begin()
    {
        "PGCOPY\n"u8.CopyTo(_buffer);
        ReadOnlySpan<byte> rest = [0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];
        rest.CopyTo(_buffer.AsSpan("PGCOPY\n"u8.Length));
        _used = "PGCOPY\n"u8.Length + rest.Length;
    }

    public void Row() => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), columns);

    public void End()
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), EndOfRows);
        Flush();
    }

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), NullLength);

    public void Text(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        var longest = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (sizeof(int) + longest > _buffer.Length)
        {
            LongText(value);
            return;
        }

        var place = Reserve(sizeof(int) + longest);
        var length = Encoding.UTF8.GetBytes(value, place[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(place, length);
        _used += sizeof(int) + length;
    }

    /// <summary>The two with a colon between them, as one value.</summary>
    public void Key(string left, string right)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(left.Length + right.Length) + 1;
        if (sizeof(int) + longest > _buffer.Length)
        {
            LongText(left + ":" + right);
            return;
        }

        var place = Reserve(sizeof(int) + longest);
        var length = Encoding.UTF8.GetBytes(left, place[sizeof(int)..]);
        place[sizeof(int) + length++] = (byte)':';
        length += Encoding.UTF8.GetBytes(right, place[(sizeof(int) + length)..]);
        BinaryPrimitives.WriteInt32BigEndian(place, length);
        _used += sizeof(int) + length;
    }

    public void Int(int value)
    {
        var place = Fixed(sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(place, value);
    }

    public void Long(long value)
    {
        var place = Fixed(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(place, value);
    }

    public void Bool(bool value) => Fixed(1)[0] = value ? (byte)1 : (byte)0;

    public void Time(DateTimeOffset value) => Long((value.UtcTicks - PostgresEpochTicks) / TimeSpan.TicksPerMicrosecond);

    public void Time(DateTimeOffset? value)
    {
        if (value is { } time)
            Time(time);
        else
            Null();
    }

    /// <summary>Postgres's -infinity for null.</summary>
    public void TimeOrNever(DateTimeOffset? value)
    {
        if (value is { } time)
            Time(time);
        else
            Long(long.MinValue);
    }

    /// <exception cref="ContractException">It has more than four digits behind the point, or is beyond any amount.</exception>
    public void Amount(decimal value)
    {
        Span<short> groups = stackalloc short[GroupsMax];
        var (count, weight) = Groups(value, groups);
        var place = Fixed((4 + count) * sizeof(short));
        BinaryPrimitives.WriteInt16BigEndian(place, (short)count);
        BinaryPrimitives.WriteInt16BigEndian(place[2..], (short)weight);
        BinaryPrimitives.WriteInt16BigEndian(place[4..], value < 0 ? Negative : (short)0);
        BinaryPrimitives.WriteInt16BigEndian(place[6..], Scale);
        for (var index = 0; index < count; index++)
            BinaryPrimitives.WriteInt16BigEndian(place[(8 + (2 * index))..], groups[index]);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>Base-10,000 digits, the most significant first, and the power of 10,000 of the first one.</summary>
    private static (int Count, int Weight) Groups(decimal value, Span<short> groups)
    {
        var left = Scaled(value);
        var count = 0;
        for (; left > 0; left /= GroupBase)
            groups[count++] = (short)(left % GroupBase);
        groups[..count].Reverse();
        // The last group is the fraction: weight -1.
        return (count, count == 0 ? 0 : count - 2);
    }

    /// <summary>The amount without its sign, in ten thousandths.</summary>
    private static ulong Scaled(decimal value)
    {
        // Nearly every amount is a small number with the schema's four digits: its bits are the answer.
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        if (bits[2] == 0 && (bits[3] >> 16 & 0xFF) == Scale && (uint)bits[1] < SmallHighBits)
            return ((ulong)(uint)bits[1] << 32) | (uint)bits[0];
        if (Math.Abs(value) >= AmountMax)
            throw new ContractException("an amount has more digits than numeric(19,4)");
        var scaled = Math.Abs(value) * GroupBase;
        return decimal.Truncate(scaled) == scaled
            ? (ulong)scaled
            : throw new ContractException("an amount has more than four digits behind the point");
    }

    private void LongText(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), bytes.Length);
        Flush();
        target.Write(bytes);
    }

    private Span<byte> Fixed(int bytes)
    {
        var place = Take(sizeof(int) + bytes);
        BinaryPrimitives.WriteInt32BigEndian(place, bytes);
        return place[sizeof(int)..];
    }

    private Span<byte> Take(int bytes)
    {
        var place = Reserve(bytes);
        _used += bytes;
        return place[..bytes];
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_used + bytes > _buffer.Length)
            Flush();
        return _buffer.AsSpan(_used);
    }

    private void Flush()
    {
        target.Write(_buffer, 0, _used);
        _used = 0;
    }
}
