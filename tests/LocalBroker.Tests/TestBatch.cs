using System.Buffers.Binary;
using System.Text;
using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>Record batches as a producer would send them.</summary>
internal static class TestBatch
{
    public const long Time = 1_700_000_000_000;

    public static byte[] Of(params (string? Key, string? Value)[] records) => Build(records, -1, -1, -1, transactional: false);

    public static byte[] Idempotent(long producer, short epoch, int sequence, params (string? Key, string? Value)[] records) =>
        Build(records, producer, epoch, sequence, transactional: false);

    public static byte[] Transactional(long producer, short epoch, int sequence, params (string? Key, string? Value)[] records) =>
        Build(records, producer, epoch, sequence, transactional: true);

    public static AppendOutcome AppendTo(this byte[] batch, PartitionLog log) => log.Append(batch, BatchHeader.Read(batch));

    private static byte[] Build((string? Key, string? Value)[] records, long producer, short epoch, int sequence, bool transactional)
    {
        var body = new MemoryStream();
        for (var i = 0; i < records.Length; i++)
            WriteRecord(body, i, records[i].Key, records[i].Value);
        var batch = new byte[BatchHeader.Size + body.Length];
        body.ToArray().CopyTo(batch, BatchHeader.Size);
        var span = batch.AsSpan();
        BinaryPrimitives.WriteInt32BigEndian(span[8..], batch.Length - BatchHeader.LogOverhead);
        span[16] = BatchHeader.SupportedMagic;
        BinaryPrimitives.WriteInt16BigEndian(span[21..], transactional ? (short)0x10 : (short)0);
        BinaryPrimitives.WriteInt32BigEndian(span[23..], records.Length - 1);
        BinaryPrimitives.WriteInt64BigEndian(span[27..], Time);
        BinaryPrimitives.WriteInt64BigEndian(span[35..], Time);
        BinaryPrimitives.WriteInt64BigEndian(span[43..], producer);
        BinaryPrimitives.WriteInt16BigEndian(span[51..], epoch);
        BinaryPrimitives.WriteInt32BigEndian(span[53..], sequence);
        BinaryPrimitives.WriteInt32BigEndian(span[57..], records.Length);
        BatchHeader.RenewCrc(span);
        return batch;
    }

    private static void WriteRecord(MemoryStream body, int offsetDelta, string? key, string? value)
    {
        var record = new MemoryStream();
        record.WriteByte(0);
        WriteVarint(record, 0);
        WriteVarint(record, offsetDelta);
        WriteBytes(record, key);
        WriteBytes(record, value);
        WriteVarint(record, 0);
        WriteVarint(body, (int)record.Length);
        record.WriteTo(body);
    }

    private static void WriteBytes(MemoryStream stream, string? text)
    {
        WriteVarint(stream, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        if (text is not null)
            stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void WriteVarint(MemoryStream stream, int value)
    {
        var zigzag = (uint)((value << 1) ^ (value >> 31));
        for (; zigzag >= 0x80; zigzag >>= 7)
            stream.WriteByte((byte)(zigzag | 0x80));
        stream.WriteByte((byte)zigzag);
    }
}
