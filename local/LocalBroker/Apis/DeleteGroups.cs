using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Deletes groups that have no members, with their offsets.
/// <para>Versions 0 to 2, flexible from 2.</para>
/// </summary>
internal sealed class DeleteGroups(GroupCoordinator groups) : Api(ApiKey.DeleteGroups, 0, 2, flexibleFrom: 2)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var wanted = request.Reader().StringArray();
        var response = request.Response.Int32(0).Array(wanted.Count);
        foreach (var group in wanted)
            response.String(group).Error(groups.Delete(group)).Tags();
        response.Tags();
        return ValueTask.CompletedTask;
    }
}
