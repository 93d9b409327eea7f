using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Commits how far a group has come. Durable before the answer, as one change for all partitions.
/// <para>Versions 2 to 10, flexible from 8; from 6 leader epochs, from 7 static membership, from 10 topics by id.</para>
/// <para>Not simulated: expiry of committed offsets; the retention time of versions 2 to 4 is read and dropped.</para>
/// </summary>
internal sealed class OffsetCommit(GroupCoordinator groups, TopicCatalog topics) : Api(ApiKey.OffsetCommit, 2, 10, flexibleFrom: 8)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var group = reader.String();
        var generation = reader.Int32();
        var member = reader.String();
        var instance = version >= 7 ? reader.NullableString() : null;
        if (version <= 4)
            reader.Int64();
        var batch = OffsetBatch.Read(ref reader, topics, byId: version >= 10, withEpoch: version >= 6, groups.Now());
        var claim = new MemberClaim(member, instance, generation);
        var error = group.Length == 0 ? ErrorCode.InvalidGroupId : groups.Commit(group, claim, batch.Accepted);
        if (version >= 3)
            request.Response.Int32(0);
        batch.Write(request.Response, error);
        return ValueTask.CompletedTask;
    }
}
