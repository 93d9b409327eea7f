using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Lists the groups that have members or offsets.
/// <para>Versions 0 to 5, flexible from 3; from 4 filtered by state, from 5 by type: classic, or consumer for the newer protocol.</para>
/// </summary>
internal sealed class ListGroups(GroupCoordinator groups) : Api(ApiKey.ListGroups, 0, 5, flexibleFrom: 3)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var states = version >= 4 ? reader.StringArray() : [];
        var types = version >= 5 ? reader.StringArray() : [];
        var found = groups.List()
            .Where(group => states.Count == 0 || states.Contains(group.State.ToString(), StringComparer.OrdinalIgnoreCase))
            .Where(group => types.Count == 0 || types.Contains(group.Type.ToString(), StringComparer.OrdinalIgnoreCase)).ToList();
        var response = request.Response;
        if (version >= 1)
            response.Int32(0);
        response.Error(ErrorCode.None).Array(found.Count);
        foreach (var group in found)
        {
            response.String(group.Id).String(group.ProtocolType);
            if (version >= 4)
                response.String(group.State.ToString());
            if (version >= 5)
                response.String(group.Type == GroupType.Classic ? "classic" : "consumer");
            response.Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }
}
