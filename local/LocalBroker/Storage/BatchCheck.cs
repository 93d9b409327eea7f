using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>What a batch must satisfy before it may touch a log.</summary>
internal static class BatchCheck
{
    /// <param name="records">The batch as received.</param>
    /// <param name="config">Settings of its topic.</param>
    /// <param name="now">The broker's clock, in ms since 1970.</param>
    /// <param name="header">The batch's header, when it has one.</param>
    public static ErrorCode Check(ReadOnlySpan<byte> records, TopicConfig config, long now, out BatchHeader header)
    {
        header = default;
        if (records.Length < BatchHeader.Size)
            return records.Length > 16 && records[16] < BatchHeader.SupportedMagic ? ErrorCode.UnsupportedForMessageFormat : ErrorCode.CorruptMessage;
        header = BatchHeader.Read(records);
        if (header.Magic != BatchHeader.SupportedMagic)
            return ErrorCode.UnsupportedForMessageFormat;
        if (header.TotalSize < BatchHeader.Size || header.TotalSize > records.Length)
            return ErrorCode.CorruptMessage;
        if (header.TotalSize > config.MaxMessageBytes)
            return ErrorCode.MessageTooLarge;
        if (header.TotalSize != records.Length || header.IsControl)
            return ErrorCode.InvalidRecord;
        if (header.RecordCount <= 0 || header.LastOffsetDelta != header.RecordCount - 1)
            return ErrorCode.InvalidRecord;
        if (header.HasProducer && (header.ProducerEpoch < 0 || header.BaseSequence < 0))
            return ErrorCode.InvalidRecord;
        if (header.IsTransactional && !header.HasProducer)
            return ErrorCode.InvalidRecord;
        if (!BatchHeader.HasValidCrc(records))
            return ErrorCode.CorruptMessage;
        if (header.Codec > BatchCodec.Highest)
            return ErrorCode.UnsupportedCompressionType;
        if (!config.UsesLogAppendTime && !IsTimely(header, config, now))
            return ErrorCode.InvalidTimestamp;
        return config.Compacts ? CheckKeys(records, header) : ErrorCode.None;
    }

    // A packed batch tells the time of its first record and of its latest.
    private static bool IsTimely(in BatchHeader header, TopicConfig config, long now)
    {
        var isTooNew = header.MaxTimestamp > now && header.MaxTimestamp - now > config.TimestampAfterMaxMs;
        var isTooOld = header.BaseTimestamp >= 0 && header.BaseTimestamp < now && now - header.BaseTimestamp > config.TimestampBeforeMaxMs;
        return !isTooNew && !isTooOld;
    }

    // Compaction needs a key in every record. Packed batches are trusted here: unpacking each to look would cost more than
    // the append, and compaction keeps a record without a key.
    private static ErrorCode CheckKeys(ReadOnlySpan<byte> records, in BatchHeader header)
    {
        if (header.Codec != BatchCodec.None)
            return ErrorCode.None;
        var reader = new RecordReader(records[BatchHeader.Size..]);
        while (reader.TryRead(out var record))
        {
            if (!record.HasKey)
                return ErrorCode.InvalidRecord;
        }

        return reader.Malformed ? ErrorCode.InvalidRecord : ErrorCode.None;
    }
}
