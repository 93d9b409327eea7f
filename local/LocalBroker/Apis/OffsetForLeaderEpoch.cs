using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Storage;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Where an epoch of the leader ended, by which a consumer notices that a log was cut. There is one epoch, 0, and it ends
/// at the end of the log.
/// <para>Versions 2 to 4, flexible from 4.</para>
/// </summary>
internal sealed class OffsetForLeaderEpoch(TopicCatalog topics) : Api(ApiKey.OffsetForLeaderEpoch, 2, 4, flexibleFrom: 4)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        if (request.Version >= 3)
            reader.Int32();
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
                var (index, current, wanted) = (reader.Int32(), reader.Int32(), reader.Int32());
                reader.Tags();
                Write(response, index, topic?.Partition(index), current, wanted);
            }

            reader.Tags();
            response.Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static void Write(ResponseWriter response, int index, PartitionLog? log, int current, int wanted)
    {
        var error = log is null ? ErrorCode.UnknownTopicOrPartition
            : current > BrokerIdentity.LeaderEpoch ? ErrorCode.UnknownLeaderEpoch : ErrorCode.None;
        var known = error == ErrorCode.None && wanted == BrokerIdentity.LeaderEpoch;
        response.Error(error).Int32(index).Int32(known ? BrokerIdentity.LeaderEpoch : -1).Int64(known ? log!.NextOffset : -1).Tags();
    }
}
