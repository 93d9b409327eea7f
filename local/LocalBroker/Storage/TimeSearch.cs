namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>An offset and the time in ms of the record there; -1 for none.</summary>
internal readonly record struct TimedOffset(long Timestamp, long Offset);

/// <summary>Finds records by their time, through the time index, then the batch heads, then the records of one batch.</summary>
internal static class TimeSearch
{
    private static readonly TimedOffset None = new(-1, -1);

    public static TimedOffset FirstAtOrAfter(PartitionLog log, long timestamp)
    {
        var start = log.StartOffset;
        var segments = log.LeaseFrom(start);
        try
        {
            foreach (var segment in segments)
            {
                if (segment.MaxTimestamp < timestamp)
                    continue;
                foreach (var (position, header) in segment.Headers(segment.FloorByTime(timestamp)))
                {
                    if (header.MaxTimestamp >= timestamp && header.LastOffset >= start)
                        return InBatch(segment, position, header, timestamp, start);
                }
            }

            return None;
        }
        finally
        {
            segments.ForEach(segment => segment.Release());
        }
    }

    /// <summary>The record with the largest time; the last offset of its batch stands for it.</summary>
    public static TimedOffset Latest(PartitionLog log)
    {
        var segments = log.LeaseFrom(log.StartOffset);
        var found = segments.MaxBy(segment => segment.MaxTimestamp);
        segments.ForEach(segment => segment.Release());
        return found is null || found.MaxTimestamp < 0 ? None : new TimedOffset(found.MaxTimestamp, found.OffsetOfMaxTimestamp);
    }

    private static TimedOffset InBatch(LogSegment segment, long position, in BatchHeader header, long timestamp, long start)
    {
        var whole = new TimedOffset(header.MaxTimestamp, Math.Max(start, header.BaseOffset));
        if (header.IsLogAppendTime)
            return whole;
        var batch = new byte[header.TotalSize];
        if (segment.Read(batch, position) < batch.Length || !BatchBody.TryUnpack(batch, header, out var body))
            return whole;
        var records = new RecordReader(body.Span);
        while (records.TryRead(out var record))
        {
            var time = header.BaseTimestamp + record.TimestampDelta;
            var offset = header.BaseOffset + record.OffsetDelta;
            if (time >= timestamp && offset >= start)
                return new TimedOffset(time, offset);
        }

        return whole;
    }
}
