using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Describes topics page by page: at most as many partitions as asked for, and a cursor to go on from.
/// <para>Version 0, flexible. No topics named means all, in order of name.</para>
/// <para>Not simulated: replicas that could become leader (none), authorised operations.</para>
/// </summary>
internal sealed class DescribeTopicPartitions(TopicCatalog topics) : Api(ApiKey.DescribeTopicPartitions, 0, 0, flexibleFrom: 0)
{
    private const int NoAuthorizedOperations = int.MinValue;
    private const int MaxPartitions = 2_000;
    private const sbyte NullStruct = -1;
    private const sbyte PresentStruct = 1;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var names = new List<string>();
        for (var count = reader.Array(); count > 0; count--)
        {
            names.Add(reader.String());
            reader.Tags();
        }

        var limit = Math.Clamp(reader.Int32(), 1, MaxPartitions);
        var (fromTopic, fromPartition) = reader.Int8() == NullStruct ? ("", 0) : (reader.String(), reader.Int32());
        var wanted = (names.Count > 0 ? names.Distinct() : topics.All.Select(topic => topic.Name))
            .Where(name => string.CompareOrdinal(name, fromTopic) >= 0).Order(StringComparer.Ordinal).ToList();
        var pages = new List<Page>();
        (string Topic, int Partition)? next = null;
        foreach (var name in wanted)
        {
            var topic = topics.Find(name);
            var from = name == fromTopic ? fromPartition : 0;
            var count = Math.Max(0, (topic?.Partitions.Count ?? 0) - from);
            if (limit == 0 || count > limit)
                next = (name, from + limit);
            if (limit == 0)
                break;
            pages.Add(new Page(name, topic, from, Math.Min(count, limit)));
            if (next is not null)
                break;
            limit -= count;
        }

        Write(request.Response, pages, next);
        return ValueTask.CompletedTask;
    }

    private static void Write(ResponseWriter response, List<Page> pages, (string Topic, int Partition)? next)
    {
        response.Int32(0).Array(pages.Count);
        foreach (var (name, topic, from, count) in pages)
        {
            response.Error(topic is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.None);
            response.String(name).Uuid(topic?.Id ?? Guid.Empty).Bool(false);
            response.Array(count);
            for (var index = from; index < from + count; index++)
            {
                response.Error(ErrorCode.None).Int32(index).Int32(BrokerIdentity.NodeId).Int32(BrokerIdentity.LeaderEpoch);
                response.Int32Array([BrokerIdentity.NodeId]).Int32Array([BrokerIdentity.NodeId]).Int32Array([]).Int32Array([]).Int32Array([]).Tags();
            }

            response.Int32(NoAuthorizedOperations).Tags();
        }

        if (next is var (topicName, partition))
            response.Int8(PresentStruct).String(topicName).Int32(partition).Tags();
        else
            response.Int8(NullStruct);
        response.Tags();
    }

    private sealed record Page(string Name, Topic? Topic, int From, int Count);
}
