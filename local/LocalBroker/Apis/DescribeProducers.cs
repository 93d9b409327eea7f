using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Storage;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// The idempotent producers that partitions know, with their last sequence and where an open transaction began.
/// <para>Version 0, flexible.</para>
/// </summary>
internal sealed class DescribeProducers(TopicCatalog topics) : Api(ApiKey.DescribeProducers, 0, 0, flexibleFrom: 0)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var topicCount = reader.Array();
        var response = request.Response.Int32(0).Array(topicCount);
        for (; topicCount > 0; topicCount--)
        {
            var name = reader.String();
            var partitions = reader.Int32Array();
            reader.Tags();
            var topic = topics.Find(name);
            response.String(name).Array(partitions.Length);
            foreach (var index in partitions)
                Write(response, index, topic?.Partition(index));
            response.Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static void Write(ResponseWriter response, int index, PartitionLog? log)
    {
        response.Int32(index).Error(log is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None).String(null);
        if (log is null)
        {
            response.Array(0).Tags();
            return;
        }

        var (producers, open) = log.DescribeProducers();
        response.Array(producers.Count);
        foreach (var producer in producers)
        {
            response.Int64(producer.ProducerId).Int32(producer.Epoch);
            response.Int32(producer.Batches.Count > 0 ? producer.Batches[^1].LastSequence : -1);
            response.Int64(producer.LastTimestamp).Int32(producer.CoordinatorEpoch);
            var openFrom = open.Where(t => t.ProducerId == producer.ProducerId).Select(t => t.FirstOffset).DefaultIfEmpty(-1).First();
            response.Int64(openFrom).Tags();
        }

        response.Tags();
    }
}
