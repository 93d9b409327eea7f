using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Keeps a member alive and tells it of a rebalance.
/// <para>Versions 0 to 4, flexible from 4; from 3 static membership.</para>
/// </summary>
internal sealed class Heartbeat(GroupCoordinator groups) : Api(ApiKey.Heartbeat, 0, 4, flexibleFrom: 4)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var group = reader.String();
        var generation = reader.Int32();
        var member = reader.String();
        var instance = request.Version >= 3 ? reader.NullableString() : null;
        if (request.Version >= 1)
            request.Response.Int32(0);
        request.Response.Error(groups.Heartbeat(group, new MemberClaim(member, instance, generation))).Tags();
        return ValueTask.CompletedTask;
    }
}
