using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Reads committed offsets, of named partitions or (null) of all. With require_stable a partition whose offset an open
/// transaction will change is answered with UNSTABLE_OFFSET_COMMIT, and the client asks again (KIP-447).
/// <para>Versions 1 to 10, flexible from 6; from 7 require_stable, from 8 several groups, from 9 the member and its
/// epoch, which must be up to date in a group of the newer protocol, from 10 topics by id.</para>
/// </summary>
internal sealed class OffsetFetch(GroupCoordinator groups, TopicCatalog topics) : Api(ApiKey.OffsetFetch, 1, 10, flexibleFrom: 6)
{
    private static readonly CommittedOffset None = new(-1, -1, "", -1);

    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var (wanted, requireStable) = Read(request.Reader(), version);
        var response = request.Response;
        if (version >= 3)
            response.Int32(0);
        if (version >= 8)
            response.Array(wanted.Count);
        foreach (var group in wanted)
        {
            if (version >= 8)
                response.String(group.Group);
            var error = groups.CheckFetch(group.Group, group.Member, group.Epoch);
            if (error == ErrorCode.None)
                groups.Read(group.Group, offsets => WriteTopics(response, version, group.Topics ?? All(offsets), offsets, requireStable));
            else
                response.Array(0);
            if (version >= 2)
                response.Error(error);
            if (version >= 8)
                response.Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static (List<Wanted> Wanted, bool RequireStable) Read(RequestReader reader, short version)
    {
        var wanted = new List<Wanted>();
        if (version < 8)
        {
            wanted.Add(new Wanted(reader.String(), null, -1, ReadTopics(ref reader, version)));
            return (wanted, version >= 7 && reader.Bool());
        }

        for (var count = reader.Array(); count > 0; count--)
        {
            var group = reader.String();
            var member = version >= 9 ? reader.NullableString() : null;
            var epoch = version >= 9 ? reader.Int32() : -1;
            wanted.Add(new Wanted(group, member, epoch, ReadTopics(ref reader, version)));
            reader.Tags();
        }

        return (wanted, reader.Bool());
    }

    private static List<WantedTopic>? ReadTopics(ref RequestReader reader, short version)
    {
        var count = reader.NullableArray();
        if (count < 0)
            return null;
        var wanted = new List<WantedTopic>();
        for (; count > 0; count--)
        {
            var id = version >= 10 ? reader.Uuid() : Guid.Empty;
            var name = version >= 10 ? null : reader.String();
            wanted.Add(new WantedTopic(name, id, reader.Int32Array()));
            reader.Tags();
        }

        return wanted;
    }

    private List<WantedTopic> All(GroupOffsets offsets) =>
    [
        .. offsets.Committed.Keys.GroupBy(at => at.Topic)
            .Select(topic => new WantedTopic(topic.Key, topics.Find(topic.Key)?.Id ?? Guid.Empty, [.. topic.Select(at => at.Partition).Order()])),
    ];

    private bool WriteTopics(ResponseWriter response, short version, List<WantedTopic> wanted, GroupOffsets offsets, bool requireStable)
    {
        response.Array(wanted.Count);
        foreach (var topic in wanted)
        {
            var name = topic.Name ?? topics.Find(topic.Id)?.Name;
            if (version >= 10)
                response.Uuid(topic.Id);
            else
                response.String(topic.Name);
            response.Array(topic.Partitions.Length);
            foreach (var index in topic.Partitions)
                Write(response, version, index, name is null ? null : new TopicPartition(name, index), offsets, requireStable);
            response.Tags();
        }

        return true;
    }

    private static void Write(ResponseWriter response, short version, int index, TopicPartition? at, GroupOffsets offsets, bool requireStable)
    {
        var error = at is null ? ErrorCode.UnknownTopicId
            : requireStable && offsets.IsPending(at.Value) ? ErrorCode.UnstableOffsetCommit : ErrorCode.None;
        var committed = error == ErrorCode.None ? offsets.Committed.GetValueOrDefault(at!.Value, None) : None;
        response.Int32(index).Int64(committed.Offset);
        if (version >= 5)
            response.Int32(committed.LeaderEpoch);
        response.String(committed.Metadata).Error(error).Tags();
    }

    private sealed record Wanted(string Group, string? Member, int Epoch, List<WantedTopic>? Topics);

    private sealed record WantedTopic(string? Name, Guid Id, int[] Partitions);
}
