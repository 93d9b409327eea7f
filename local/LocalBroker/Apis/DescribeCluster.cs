using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Names the cluster and its one broker, which is its controller too.
/// <para>Versions 0 to 2, flexible from 0.</para>
/// <para>Not simulated: controller endpoints (type 2 is answered as brokers), authorised operations.</para>
/// </summary>
internal sealed class DescribeCluster(BrokerIdentity identity) : Api(ApiKey.DescribeCluster, 0, 2, flexibleFrom: 0)
{
    private const int NoAuthorizedOperations = int.MinValue;
    private const sbyte Brokers = 1;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var response = request.Response.Int32(0).Error(ErrorCode.None).String(null);
        if (request.Version >= 1)
            response.Int8(Brokers);
        response.String(identity.ClusterId).Int32(BrokerIdentity.NodeId);
        response.Array(1).Int32(BrokerIdentity.NodeId).String(identity.Host).Int32(identity.Port).String(null);
        if (request.Version >= 2)
            response.Bool(false);
        response.Tags().Int32(NoAuthorizedOperations).Tags();
        return ValueTask.CompletedTask;
    }
}
