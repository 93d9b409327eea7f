using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Says who coordinates a group (type 0) or a transactional id (type 1): always this broker.
/// <para>Versions 0 to 6, flexible from 3; from 4 several keys at once.</para>
/// <para>Not simulated: share groups (type 2 is refused).</para>
/// </summary>
internal sealed class FindCoordinator(BrokerIdentity identity) : Api(ApiKey.FindCoordinator, 0, 6, flexibleFrom: 3)
{
    private const sbyte Transaction = 1;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var response = request.Response;
        if (version >= 1)
            response.Int32(0);
        if (version >= 4)
        {
            var type = reader.Int8();
            var keys = reader.StringArray();
            response.Array(keys.Count);
            foreach (var key in keys)
            {
                var (error, message) = Check(type);
                response.String(key).Int32(BrokerIdentity.NodeId).String(identity.Host).Int32(identity.Port);
                response.Error(error).String(message).Tags();
            }
        }
        else
        {
            reader.String();
            var (error, message) = Check(version >= 1 ? reader.Int8() : (sbyte)0);
            response.Error(error);
            if (version >= 1)
                response.String(message);
            response.Int32(BrokerIdentity.NodeId).String(identity.Host).Int32(identity.Port);
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static (ErrorCode Error, string? Message) Check(sbyte type) =>
        type is >= 0 and <= Transaction
            ? (ErrorCode.None, null)
            : (ErrorCode.InvalidRequest, "This broker coordinates groups and transactions only.");
}
