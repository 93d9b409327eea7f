using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Storage;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// The offset at a time: earliest (-2), latest (-1; with read_committed the last stable offset), the record with the
/// largest time (-3), or the first record at or after a time.
/// <para>Versions 1 to 11, flexible from 6.</para>
/// <para>Not simulated: tiered storage. Earliest-local (-4) is the earliest; latest-tiered (-5) and earliest-pending (-6)
/// have no offset.</para>
/// </summary>
internal sealed class ListOffsets(TopicCatalog topics) : Api(ApiKey.ListOffsets, 1, 11, flexibleFrom: 6)
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long Unknown = -1;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var reader = request.Reader();
        reader.Int32();
        var readCommitted = version >= 2 && reader.Int8() == 1;
        var response = request.Response;
        if (version >= 2)
            response.Int32(0);
        var topicCount = reader.Array();
        response.Array(topicCount);
        for (var t = 0; t < topicCount; t++)
        {
            var name = reader.String();
            var topic = topics.Find(name);
            var partitions = reader.Array();
            response.String(name).Array(partitions);
            for (var p = 0; p < partitions; p++)
            {
                var index = reader.Int32();
                if (version >= 4)
                    reader.Int32();
                var timestamp = reader.Int64();
                reader.Tags();
                Write(response, version, index, topic?.Partition(index), timestamp, readCommitted);
            }

            reader.Tags();
            response.Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static void Write(ResponseWriter response, short version, int index, PartitionLog? log, long timestamp, bool readCommitted)
    {
        var error = log is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None;
        var found = log is null ? new TimedOffset(Unknown, Unknown) : Find(log, timestamp, readCommitted);
        response.Int32(index).Error(error).Int64(found.Timestamp).Int64(found.Offset);
        if (version >= 4)
            response.Int32(found.Offset >= 0 ? BrokerIdentity.LeaderEpoch : -1);
        response.Tags();
    }

    private static TimedOffset Find(PartitionLog log, long timestamp, bool readCommitted) => timestamp switch
    {
        Latest => new TimedOffset(Unknown, readCommitted ? log.LastStableOffset : log.NextOffset),
        Earliest or EarliestLocal => new TimedOffset(Unknown, log.StartOffset),
        MaxTimestamp => TimeSearch.Latest(log),
        < 0 => new TimedOffset(Unknown, Unknown),
        _ => Bounded(TimeSearch.FirstAtOrAfter(log, timestamp), log, readCommitted),
    };

    private static TimedOffset Bounded(TimedOffset found, PartitionLog log, bool readCommitted) =>
        readCommitted && found.Offset >= log.LastStableOffset ? new TimedOffset(Unknown, Unknown) : found;
}
