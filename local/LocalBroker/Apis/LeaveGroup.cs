using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Takes members out of a group at once, instead of at the end of their session.
/// <para>Versions 0 to 5, flexible from 4; from 3 several members, named by id or by instance.</para>
/// <para>Not simulated: the reason (version 5) is read and dropped.</para>
/// </summary>
internal sealed class LeaveGroup(GroupCoordinator groups) : Api(ApiKey.LeaveGroup, 0, 5, flexibleFrom: 4)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var response = request.Response;
        var group = reader.String();
        if (version >= 1)
            response.Int32(0);
        if (version < 3)
        {
            response.Error(groups.Leave(group, reader.String(), null)).Tags();
            return ValueTask.CompletedTask;
        }

        var count = reader.Array();
        response.Error(ErrorCode.None).Array(count);
        for (; count > 0; count--)
        {
            var (member, instance) = (reader.String(), reader.NullableString());
            if (version >= 5)
                reader.NullableString();
            reader.Tags();
            response.String(member).String(instance).Error(groups.Leave(group, member, instance)).Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }
}
