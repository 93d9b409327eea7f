using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Deletes committed offsets of a group, except in topics that one of its members is subscribed to.
/// <para>Version 0 only; it never became flexible.</para>
/// </summary>
internal sealed class OffsetDelete(GroupCoordinator groups) : Api(ApiKey.OffsetDelete, 0, 0, NeverFlexible)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var id = reader.String();
        var wanted = new List<(string Topic, List<int> Partitions)>();
        for (var count = reader.Array(); count > 0; count--)
            wanted.Add((reader.String(), [.. reader.Int32Array()]));
        var subscribed = new HashSet<string>(StringComparer.Ordinal);
        var error = groups.DeleteOffsets(id, (group, change) =>
        {
            subscribed.UnionWith(group.SubscribedTopics);
            foreach (var (topic, partitions) in wanted.Where(topic => !subscribed.Contains(topic.Topic)))
                partitions.ForEach(index => group.Offsets.Delete(new TopicPartition(topic, index), change));
            return ErrorCode.None;
        });
        var response = request.Response.Error(error).Int32(0).Array(error == ErrorCode.None ? wanted.Count : 0);
        if (error != ErrorCode.None)
            return ValueTask.CompletedTask;
        foreach (var (topic, partitions) in wanted)
        {
            response.String(topic).Array(partitions.Count);
            foreach (var index in partitions)
                response.Int32(index).Error(subscribed.Contains(topic) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None);
        }

        return ValueTask.CompletedTask;
    }
}
