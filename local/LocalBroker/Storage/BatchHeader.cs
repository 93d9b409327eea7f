using System.Buffers.Binary;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>
/// The fixed head of a record batch, format version 2 (61 bytes). Producers send it, the log stores it as received but for
/// base offset and leader epoch (which the checksum does not cover), and consumers get it back.
/// </summary>
internal readonly record struct BatchHeader
{
    public const int Size = 61;
    public const byte SupportedMagic = 2;

    /// <summary>Bytes before the length counts: base offset and the length itself.</summary>
    public const int LogOverhead = 12;

    private const int CrcFrom = 21;
    private const short CodecMask = 0x07;
    private const short LogAppendTimeFlag = 0x08;
    private const short TransactionalFlag = 0x10;
    private const short ControlFlag = 0x20;

    public long BaseOffset { get; private init; }

    /// <summary>Bytes of the whole batch, its head included.</summary>
    public int TotalSize { get; private init; }

    public byte Magic { get; private init; }

    public uint Crc { get; private init; }

    public short Attributes { get; private init; }

    public int LastOffsetDelta { get; private init; }

    public long BaseTimestamp { get; private init; }

    public long MaxTimestamp { get; private init; }

    public long ProducerId { get; private init; }

    public short ProducerEpoch { get; private init; }

    public int BaseSequence { get; private init; }

    public int RecordCount { get; private init; }

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public int Codec => Attributes & CodecMask;

    public bool IsTransactional => (Attributes & TransactionalFlag) != 0;

    public bool IsControl => (Attributes & ControlFlag) != 0;

    public bool HasProducer => ProducerId >= 0;

    public bool IsLogAppendTime => (Attributes & LogAppendTimeFlag) != 0;

    /// <summary>The sequence number of the last record; sequences wrap to zero after <see cref="int.MaxValue"/>.</summary>
    public int LastSequence => BaseSequence < 0 ? BaseSequence : (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    /// <summary>Reads the head at the start of <paramref name="bytes"/>, which holds at least <see cref="Size"/> bytes.</summary>
    public static BatchHeader Read(ReadOnlySpan<byte> bytes) => new()
    {
        BaseOffset = BinaryPrimitives.ReadInt64BigEndian(bytes),
        TotalSize = LogOverhead + BinaryPrimitives.ReadInt32BigEndian(bytes[8..]),
        Magic = bytes[16],
        Crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[17..]),
        Attributes = BinaryPrimitives.ReadInt16BigEndian(bytes[21..]),
        LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[23..]),
        BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[27..]),
        MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[35..]),
        ProducerId = BinaryPrimitives.ReadInt64BigEndian(bytes[43..]),
        ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(bytes[51..]),
        BaseSequence = BinaryPrimitives.ReadInt32BigEndian(bytes[53..]),
        RecordCount = BinaryPrimitives.ReadInt32BigEndian(bytes[57..]),
    };

    /// <summary>Whether the checksum of a complete batch is right.</summary>
    public static bool HasValidCrc(ReadOnlySpan<byte> batch) =>
        Crc32C.Compute(batch[CrcFrom..]) == BinaryPrimitives.ReadUInt32BigEndian(batch[17..]);

    /// <summary>Gives a batch its place in the log; neither field is covered by the checksum.</summary>
    public static void Assign(Span<byte> batch, long baseOffset)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[12..], 0);
    }

    /// <summary>Marks a batch as timed by the broker (message.timestamp.type=LogAppendTime) and renews its checksum.</summary>
    public static void SetLogAppendTime(Span<byte> batch, long timestamp)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[21..]);
        BinaryPrimitives.WriteInt16BigEndian(batch[21..], (short)(attributes | LogAppendTimeFlag));
        BinaryPrimitives.WriteInt64BigEndian(batch[35..], timestamp);
        RenewCrc(batch);
    }

    public static void RenewCrc(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[17..], Crc32C.Compute(batch[CrcFrom..]));
}
