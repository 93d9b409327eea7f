using System.Buffers.Binary;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>The marker that ends a transaction in a partition: a batch of one control record.</summary>
internal static class ControlBatch
{
    private const int RecordSize = 17;
    private const int MarkerSize = BatchHeader.Size + RecordSize;
    private const short TransactionalControl = 0x30;

    public static byte[] Marker(long producerId, short producerEpoch, bool commit, int coordinatorEpoch, long timestamp)
    {
        var batch = new byte[MarkerSize];
        var span = batch.AsSpan();
        BinaryPrimitives.WriteInt32BigEndian(span[8..], MarkerSize - BatchHeader.LogOverhead);
        span[16] = BatchHeader.SupportedMagic;
        BinaryPrimitives.WriteInt16BigEndian(span[21..], TransactionalControl);
        BinaryPrimitives.WriteInt64BigEndian(span[27..], timestamp);
        BinaryPrimitives.WriteInt64BigEndian(span[35..], timestamp);
        BinaryPrimitives.WriteInt64BigEndian(span[43..], producerId);
        BinaryPrimitives.WriteInt16BigEndian(span[51..], producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(span[53..], -1);
        BinaryPrimitives.WriteInt32BigEndian(span[57..], 1);
        WriteRecord(span[BatchHeader.Size..], commit, coordinatorEpoch);
        BatchHeader.RenewCrc(span);
        return batch;
    }

    /// <summary>Reads a marker back: whether it commits, and the coordinator's epoch.</summary>
    public static bool TryRead(ReadOnlySpan<byte> batch, out bool commit, out int coordinatorEpoch)
    {
        commit = false;
        coordinatorEpoch = -1;
        var records = new RecordReader(batch[BatchHeader.Size..]);
        if (!records.TryRead(out var marker) || marker.Key.Length < 4)
            return false;
        commit = BinaryPrimitives.ReadInt16BigEndian(marker.Key[2..]) == 1;
        if (marker.Value.Length >= 6)
            coordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(marker.Value[2..]);
        return true;
    }

    // length, attributes, time delta and offset delta (both 0), key {version 0, type}, value {version 0, epoch}, no headers;
    // lengths are zig-zag, hence doubled.
    private static void WriteRecord(Span<byte> record, bool commit, int coordinatorEpoch)
    {
        record[0] = (RecordSize - 1) * 2;
        record[4] = 4 * 2;
        BinaryPrimitives.WriteInt16BigEndian(record[7..], commit ? (short)1 : (short)0);
        record[9] = 6 * 2;
        BinaryPrimitives.WriteInt32BigEndian(record[12..], coordinatorEpoch);
    }
}
