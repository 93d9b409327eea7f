using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Names the one broker, and the partitions of topics asked for by name, by id (from version 10), or all of them. A topic
/// that does not exist is created when both the client and the broker's options allow it, and is usable at once.
/// <para>Versions 0 to 13, flexible from 9. Version 0 has no "no topics": an empty list means all.</para>
/// <para>Not simulated: racks, replicas, authorised operations (answered as not asked for).</para>
/// </summary>
internal sealed class Metadata(TopicCatalog topics, TopicCreation creation, BrokerIdentity identity)
    : Api(ApiKey.Metadata, 0, 13, flexibleFrom: 9)
{
    private const int NoAuthorizedOperations = int.MinValue;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var (wanted, mayCreate) = Read(request.Reader(), version);
        var found = wanted is null ? [.. topics.All.Select(Existing)] : Resolve(wanted, mayCreate);
        var response = request.Response;
        if (version >= 3)
            response.Int32(0);
        WriteBroker(response, version);
        response.Array(found.Count);
        foreach (var topic in found)
            Write(response, version, topic);
        if (version is >= 8 and <= 10)
            response.Int32(NoAuthorizedOperations);
        if (version >= 13)
            response.Error(ErrorCode.None);
        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static (List<Wanted>? Wanted, bool MayCreate) Read(RequestReader reader, short version)
    {
        List<Wanted>? wanted = null;
        var count = reader.NullableArray();
        if (count > 0 || (count == 0 && version > 0))
        {
            wanted = [];
            for (var i = 0; i < count; i++)
            {
                var id = version >= 10 ? reader.Uuid() : Guid.Empty;
                var name = reader.NullableString();
                reader.Tags();
                wanted.Add(new Wanted(name, id));
            }
        }

        return (wanted, version < 4 || reader.Bool());
    }

    private List<Found> Resolve(List<Wanted> wanted, bool mayCreate)
    {
        var found = new List<Found>(wanted.Count);
        foreach (var (name, id) in wanted)
        {
            if (name is null)
                found.Add(topics.Find(id) is { } byId ? Existing(byId) : new Found(null, id, ErrorCode.UnknownTopicId, null));
            else if (topics.Find(name) is { } topic)
                found.Add(Existing(topic));
            else
                found.Add(mayCreate ? Create(name) : Missing(name, ErrorCode.UnknownTopicOrPartition));
        }

        return found;
    }

    private Found Create(string name)
    {
        if (TopicName.Reject(name) is not null)
            return Missing(name, ErrorCode.InvalidTopic);
        return creation.OnDemand(name) is { } topic ? Existing(topic) : Missing(name, ErrorCode.UnknownTopicOrPartition);
    }

    private static Found Existing(Topic topic) => new(topic.Name, topic.Id, ErrorCode.None, topic);

    private static Found Missing(string name, ErrorCode error) => new(name, Guid.Empty, error, null);

    private void WriteBroker(ResponseWriter response, short version)
    {
        response.Array(1).Int32(BrokerIdentity.NodeId).String(identity.Host).Int32(identity.Port);
        if (version >= 1)
            response.String(null);
        response.Tags();
        if (version >= 2)
            response.String(identity.ClusterId);
        if (version >= 1)
            response.Int32(BrokerIdentity.NodeId);
    }

    private static void Write(ResponseWriter response, short version, Found found)
    {
        response.Error(found.Error).String(found.Name ?? (version >= 12 ? null : ""));
        if (version >= 10)
            response.Uuid(found.Id);
        if (version >= 1)
            response.Bool(false);
        var partitions = found.Topic?.Partitions.Count ?? 0;
        response.Array(partitions);
        for (var index = 0; index < partitions; index++)
        {
            response.Error(ErrorCode.None).Int32(index).Int32(BrokerIdentity.NodeId);
            if (version >= 7)
                response.Int32(BrokerIdentity.LeaderEpoch);
            response.Int32Array([BrokerIdentity.NodeId]).Int32Array([BrokerIdentity.NodeId]);
            if (version >= 5)
                response.Int32Array([]);
            response.Tags();
        }

        if (version >= 8)
            response.Int32(NoAuthorizedOperations);
        response.Tags();
    }

    private readonly record struct Wanted(string? Name, Guid Id);

    private readonly record struct Found(string? Name, Guid Id, ErrorCode Error, Topic? Topic);
}
