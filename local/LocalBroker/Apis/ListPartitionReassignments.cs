using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Partitions on their way to other brokers: never any. Kafka's topics tool asks whenever it describes a topic.
/// <para>Version 0, flexible.</para>
/// </summary>
internal sealed class ListPartitionReassignments() : Api(ApiKey.ListPartitionReassignments, 0, 0, flexibleFrom: 0)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        request.Response.Int32(0).Error(ErrorCode.None).String(null).Array(0).Tags();
        return ValueTask.CompletedTask;
    }
}
