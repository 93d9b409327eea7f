using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Brings a member into a classic group; the answer comes when all members have joined or the rebalance timeout ends.
/// <para>Versions 0 to 9, flexible from 6. From 1 with a rebalance timeout, from 4 a new member is first given an id
/// (KIP-394), from 5 static membership (KIP-345), from 9 a returning static leader may skip the assignment (KIP-814).</para>
/// <para>Not simulated: the reason (version 8) is read and dropped.</para>
/// </summary>
internal sealed class JoinGroup(GroupCoordinator groups, LocalBrokerOptions options) : Api(ApiKey.JoinGroup, 0, 9, flexibleFrom: 6)
{
    private static readonly TimeSpan MaxSessionTimeout = TimeSpan.FromMinutes(30);

    public override async ValueTask HandleAsync(RequestContext request)
    {
        var (group, join) = Read(request);
        var answer = group.Length == 0 ? new JoinAnswer(ErrorCode.InvalidGroupId, join.MemberId)
            : join.SessionTimeout < options.GroupMinSessionTimeout || join.SessionTimeout > MaxSessionTimeout
                ? new JoinAnswer(ErrorCode.InvalidSessionTimeout, join.MemberId)
                : await groups.Join(group, join).WaitAsync(request.Stopping);
        Write(request, answer);
    }

    private static (string Group, JoinRequest Join) Read(RequestContext request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var group = reader.String();
        var session = TimeSpan.FromMilliseconds(reader.Int32());
        var rebalance = version >= 1 ? TimeSpan.FromMilliseconds(reader.Int32()) : session;
        var memberId = reader.String();
        var instanceId = version >= 5 ? reader.NullableString() : null;
        var protocolType = reader.String();
        var protocols = new List<GroupProtocol>();
        for (var count = reader.Array(); count > 0; count--)
        {
            protocols.Add(new GroupProtocol(reader.String(), reader.Bytes()));
            reader.Tags();
        }

        return (group, new JoinRequest
        {
            MemberId = memberId,
            InstanceId = instanceId,
            ClientId = request.ClientId,
            ClientHost = request.ClientHost,
            SessionTimeout = session,
            RebalanceTimeout = rebalance,
            ProtocolType = protocolType,
            Protocols = protocols,
            NeedsMemberId = version >= 4,
            CanSkipAssignment = version >= 9,
        });
    }

    private static void Write(RequestContext request, JoinAnswer answer)
    {
        var version = request.Version;
        var response = request.Response;
        if (version >= 2)
            response.Int32(0);
        response.Error(answer.Error).Int32(answer.Generation);
        if (version >= 7)
            response.String(answer.ProtocolType).String(answer.Protocol);
        else
            response.String(answer.Protocol ?? "");
        response.String(answer.Leader);
        if (version >= 9)
            response.Bool(answer.SkipAssignment);
        response.String(answer.MemberId).Array(answer.Members.Count);
        foreach (var member in answer.Members)
        {
            response.String(member.Id);
            if (version >= 5)
                response.String(member.InstanceId);
            response.Bytes(member.Metadata).Tags();
        }

        response.Tags();
    }
}
