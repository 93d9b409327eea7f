using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>A fetch as asked for, in any of its versions.</summary>
internal sealed record FetchRequest(TimeSpan MaxWait, int MinBytes, int MaxBytes, bool ReadCommitted, int SessionId, List<FetchTopic> Topics)
{
    public static FetchRequest Read(RequestReader reader, short version)
    {
        if (version <= 14)
            reader.Int32();
        var (maxWait, minBytes, maxBytes) = (reader.Int32(), reader.Int32(), reader.Int32());
        var readCommitted = reader.Int8() == 1;
        var sessionId = 0;
        if (version >= 7)
        {
            sessionId = reader.Int32();
            reader.Int32();
        }

        var topics = new List<FetchTopic>();
        for (var count = reader.Array(); count > 0; count--)
            topics.Add(ReadTopic(ref reader, version));
        return new FetchRequest(TimeSpan.FromMilliseconds(Math.Max(0, maxWait)), minBytes, maxBytes, readCommitted, sessionId, topics);
    }

    private static FetchTopic ReadTopic(ref RequestReader reader, short version)
    {
        var name = version >= 13 ? null : reader.String();
        var id = version >= 13 ? reader.Uuid() : Guid.Empty;
        var partitions = new List<FetchPartition>();
        for (var count = reader.Array(); count > 0; count--)
        {
            var index = reader.Int32();
            var epoch = version >= 9 ? reader.Int32() : -1;
            var offset = reader.Int64();
            if (version >= 12)
                reader.Int32();
            if (version >= 5)
                reader.Int64();
            partitions.Add(new FetchPartition(index, epoch, offset, reader.Int32()));
            reader.Tags();
        }

        reader.Tags();
        return new FetchTopic(name, id, partitions);
    }
}

internal sealed record FetchTopic(string? Name, Guid Id, List<FetchPartition> Partitions);

internal readonly record struct FetchPartition(int Index, int LeaderEpoch, long Offset, int MaxBytes);
