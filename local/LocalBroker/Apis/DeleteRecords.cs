using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Moves the start of partitions up to an offset (-1: to their end); whole segments below it are deleted.
/// <para>Versions 0 to 2, flexible from 2. Topics that are only compacted refuse it, as in Kafka.</para>
/// </summary>
internal sealed class DeleteRecords(TopicCatalog topics) : Api(ApiKey.DeleteRecords, 0, 2, flexibleFrom: 2)
{
    private const long ToTheEnd = -1;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var topicCount = reader.Array();
        var response = request.Response.Int32(0).Array(topicCount);
        for (; topicCount > 0; topicCount--)
        {
            var name = reader.String();
            var topic = topics.Find(name);
            var partitions = reader.Array();
            response.String(name).Array(partitions);
            for (; partitions > 0; partitions--)
            {
                var (index, offset) = (reader.Int32(), reader.Int64());
                reader.Tags();
                var (error, low) = Delete(topic, index, offset);
                response.Int32(index).Int64(low).Error(error).Tags();
            }

            reader.Tags();
            response.Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static (ErrorCode Error, long LowWatermark) Delete(Topic? topic, int index, long offset)
    {
        if (topic?.Partition(index) is not { } log)
            return (ErrorCode.UnknownTopicOrPartition, -1);
        if (!topic.Config.Deletes)
            return (ErrorCode.PolicyViolation, -1);
        if (offset < ToTheEnd || !log.Upkeep.DeleteRecordsBefore(offset == ToTheEnd ? log.NextOffset : offset))
            return (ErrorCode.OffsetOutOfRange, -1);
        return (ErrorCode.None, log.StartOffset);
    }
}
