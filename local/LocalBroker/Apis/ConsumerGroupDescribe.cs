using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Groups.Consumers;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Describes groups of the newer protocol: epochs, and what each member has and is to have. A classic group is refused; admin
/// clients then ask DescribeGroups.
/// <para>Versions 0 and 1, flexible from 0; from 1 the kind of each member (all are consumers).</para>
/// <para>Not simulated: authorised operations (answered as not asked for).</para>
/// </summary>
internal sealed class ConsumerGroupDescribe(GroupCoordinator groups, TopicCatalog topics) : Api(ApiKey.ConsumerGroupDescribe, 0, 1, flexibleFrom: 0)
{
    private const int NoAuthorizedOperations = int.MinValue;
    private const sbyte ConsumerMemberType = 1;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var wanted = request.Reader().StringArray();
        var response = request.Response.Int32(0).Array(wanted.Count);
        foreach (var id in wanted)
        {
            var (group, refusal) = groups.DescribeConsumers(id);
            response.Error(group is null ? ErrorCode.GroupIdNotFound : ErrorCode.None).String(refusal).String(id);
            response.String(group?.State.ToString() ?? "").Int32(group?.Epoch ?? 0).Int32(group?.AssignmentEpoch ?? 0).String(group?.Assignor ?? "");
            response.Array(group?.Members.Count ?? 0);
            foreach (var member in group?.Members ?? [])
                Write(response, request.Version, member);
            response.Int32(NoAuthorizedOperations).Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private void Write(ResponseWriter response, short version, ConsumerMemberDescription member)
    {
        response.String(member.Id).String(member.InstanceId).String(member.RackId).Int32(member.Epoch).String(member.ClientId).String(member.ClientHost);
        response.Array(member.Subscription.Topics.Count);
        foreach (var topic in member.Subscription.Topics)
            response.String(topic);
        response.String(member.Subscription.Pattern ?? "");
        Write(response, member.Assigned);
        Write(response, member.Target);
        if (version >= 1)
            response.Int8(ConsumerMemberType);
        response.Tags();
    }

    private void Write(ResponseWriter response, IReadOnlyCollection<TopicSlot> slots)
    {
        var byTopic = slots.GroupBy(slot => topics.Find(slot.Topic)).Where(topic => topic.Key is not null).ToList();
        response.Array(byTopic.Count);
        foreach (var topic in byTopic)
            response.Uuid(topic.Key!.Id).String(topic.Key.Name).Int32Array([.. topic.Select(slot => slot.Partition).Order()]).Tags();
        response.Tags();
    }
}
