using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Deletes topics, their files and the offsets that groups have committed in them, before it answers.
/// <para>Versions 1 to 6, flexible from 4; from 6 topics by name or id.</para>
/// </summary>
internal sealed class DeleteTopics(TopicCatalog topics, GroupCoordinator groups) : Api(ApiKey.DeleteTopics, 1, 6, flexibleFrom: 4)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var wanted = Read(request.Reader(), version);
        var response = request.Response.Int32(0).Array(wanted.Count);
        foreach (var (name, id) in wanted)
        {
            var topic = name is null ? topics.Find(id) : topics.Find(name);
            var unknown = name is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
            var error = topic is null ? unknown : topics.Delete(topic.Name);
            if (topic is not null)
                groups.TopicDeleted(topic.Name);
            response.String(topic?.Name ?? name);
            if (version >= 6)
                response.Uuid(topic?.Id ?? id);
            response.Error(error);
            if (version >= 5)
                response.String(null);
            response.Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static List<(string? Name, Guid Id)> Read(RequestReader reader, short version)
    {
        if (version < 6)
            return [.. reader.StringArray().Select(name => ((string?)name, Guid.Empty))];
        var wanted = new List<(string? Name, Guid Id)>();
        for (var count = reader.Array(); count > 0; count--)
        {
            wanted.Add((reader.NullableString(), reader.Uuid()));
            reader.Tags();
        }

        return wanted;
    }
}
