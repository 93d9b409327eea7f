using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Takes the assignment from the group's leader and hands every member its part; followers wait for the leader.
/// <para>Versions 0 to 5, flexible from 4; from 3 static membership, from 5 the protocol is checked.</para>
/// </summary>
internal sealed class SyncGroup(GroupCoordinator groups) : Api(ApiKey.SyncGroup, 0, 5, flexibleFrom: 4)
{
    public override async ValueTask HandleAsync(RequestContext request)
    {
        var (group, sync) = Read(request.Reader(), request.Version);
        var answer = await groups.Sync(group, sync).WaitAsync(request.Stopping);
        var response = request.Response;
        if (request.Version >= 1)
            response.Int32(0);
        response.Error(answer.Error);
        if (request.Version >= 5)
            response.String(answer.ProtocolType).String(answer.Protocol);
        response.Bytes(answer.Assignment).Tags();
    }

    private static (string Group, SyncRequest Sync) Read(RequestReader reader, short version)
    {
        var group = reader.String();
        var generation = reader.Int32();
        var member = reader.String();
        var instance = version >= 3 ? reader.NullableString() : null;
        var type = version >= 5 ? reader.NullableString() : null;
        var protocol = version >= 5 ? reader.NullableString() : null;
        var assignments = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var count = reader.Array(); count > 0; count--)
        {
            var id = reader.String();
            assignments[id] = reader.Bytes();
            reader.Tags();
        }

        return (group, new SyncRequest(member, instance, generation, type, protocol) { Assignments = assignments });
    }
}
