using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Describes groups of the classic protocol and their members. An unknown group, and one of the newer protocol, is Dead; from
/// version 6 it is also an error.
/// <para>Versions 0 to 6, flexible from 5; from 4 with the names of static members.</para>
/// <para>Not simulated: authorised operations (answered as not asked for).</para>
/// </summary>
internal sealed class DescribeGroups(GroupCoordinator groups) : Api(ApiKey.DescribeGroups, 0, 6, flexibleFrom: 5)
{
    private const int NoAuthorizedOperations = int.MinValue;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var wanted = reader.StringArray();
        var response = request.Response;
        if (version >= 1)
            response.Int32(0);
        response.Array(wanted.Count);
        foreach (var id in wanted)
            Write(response, version, id, groups.Describe(id));
        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static void Write(ResponseWriter response, short version, string id, GroupDescription? group)
    {
        var refusal = group is null ? $"Group {id} not found." : group.Type != GroupType.Classic ? $"Group {id} is not a classic group." : null;
        response.Error(refusal is not null && version >= 6 ? ErrorCode.GroupIdNotFound : ErrorCode.None);
        if (version >= 6)
            response.String(refusal);
        if (group is null || refusal is not null)
            group = new GroupDescription(id, GroupType.Classic, GroupState.Dead, "", "", []);
        response.String(id).String(group.State.ToString()).String(group.ProtocolType).String(group.Protocol).Array(group.Members.Count);
        foreach (var member in group.Members)
        {
            response.String(member.Id);
            if (version >= 4)
                response.String(member.InstanceId);
            response.String(member.ClientId).String(member.ClientHost).Bytes(member.Metadata).Bytes(member.Assignment).Tags();
        }

        if (version >= 3)
            response.Int32(NoAuthorizedOperations);
        response.Tags();
    }
}
