using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.Groups.Consumers;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// The one request of a member of the newer group protocol (KIP-848): joins, stays, reports what it has, leaves; the answer is what
/// it is to have.
/// <para>Versions 0 and 1, flexible from 0; from 1 subscriptions by pattern, and ids that members make (KIP-1082).</para>
/// <para>Not simulated: settings of single groups, racks in the assignment, members of both protocols in one group.</para>
/// </summary>
internal sealed class ConsumerGroupHeartbeat(GroupCoordinator groups, LocalBrokerOptions options)
    : Api(ApiKey.ConsumerGroupHeartbeat, 0, 1, flexibleFrom: 0)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var (group, beat) = Read(request);
        var (error, message) = Check(group, beat, request.Version);
        var answer = error == ErrorCode.None ? groups.Beat(group, beat) : new ConsumerAnswer(error, message);
        var response = request.Response.Int32(0).Error(answer.Error).String(answer.Message).String(answer.MemberId).Int32(answer.Epoch);
        response.Int32(answer.Error == ErrorCode.None ? (int)options.ConsumerGroupHeartbeatInterval.TotalMilliseconds : 0);
        Write(response, answer.Assignment);
        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static (string Group, ConsumerBeat Beat) Read(RequestContext request)
    {
        var reader = request.Reader();
        var (group, member, epoch) = (reader.String(), reader.String(), reader.Int32());
        var (instance, rack, rebalance) = (reader.NullableString(), reader.NullableString(), reader.Int32());
        var topics = reader.NullableStringArray();
        var pattern = request.Version >= 1 ? reader.NullableString() : null;
        var assignor = reader.NullableString();
        // In version 0 the broker may have to make the id of a newcomer.
        var makesId = request.Version == 0 && member.Length == 0 && epoch == ConsumerMember.Joins;
        return (group, new ConsumerBeat
        {
            MemberId = makesId ? Guid.NewGuid().ToString() : member,
            Epoch = epoch,
            InstanceId = instance,
            RackId = rack,
            RebalanceTimeout = rebalance < 0 ? null : TimeSpan.FromMilliseconds(rebalance),
            Topics = topics,
            Pattern = pattern,
            Assignor = assignor,
            Owned = ReadSlots(ref reader),
            ClientId = request.ClientId,
            ClientHost = request.ClientHost,
        });
    }

    private static HashSet<TopicSlot>? ReadSlots(ref RequestReader reader)
    {
        var count = reader.NullableArray();
        if (count < 0)
            return null;
        var slots = new HashSet<TopicSlot>();
        for (; count > 0; count--)
        {
            var topic = reader.Uuid();
            slots.UnionWith(reader.Int32Array().Select(index => new TopicSlot(topic, index)));
            reader.Tags();
        }

        return slots;
    }

    private static (ErrorCode Error, string? Message) Check(string group, ConsumerBeat beat, short version) => beat switch
    {
        _ when string.IsNullOrWhiteSpace(group) => (ErrorCode.InvalidRequest, "GroupId can't be empty."),
        { MemberId.Length: 0 } => (ErrorCode.InvalidRequest, "MemberId can't be empty."),
        { InstanceId.Length: 0 } => (ErrorCode.InvalidRequest, "InstanceId can't be empty."),
        { RackId.Length: 0 } => (ErrorCode.InvalidRequest, "RackId can't be empty."),
        { Epoch: < ConsumerMember.LeavesForNow } => (ErrorCode.InvalidRequest, "MemberEpoch is invalid."),
        { Epoch: ConsumerMember.LeavesForNow, InstanceId: null } => (ErrorCode.InvalidRequest, "InstanceId can't be null."),
        { Epoch: ConsumerMember.Joins, RebalanceTimeout: null } => (ErrorCode.InvalidRequest, "RebalanceTimeoutMs must be provided in first request."),
        { Epoch: ConsumerMember.Joins, Owned: null or { Count: > 0 } } => (ErrorCode.InvalidRequest, "TopicPartitions must be empty when (re-)joining."),
        { Epoch: ConsumerMember.Joins, Topics: null or { Count: 0 } } when string.IsNullOrEmpty(beat.Pattern) && (version > 0 || beat.Topics is null) =>
            (ErrorCode.InvalidRequest, "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining."),
        { Assignor: { } assignor } when Assignor.Find(assignor) is null => (ErrorCode.UnsupportedAssignor,
            $"ServerAssignor {assignor} is not supported. Supported assignors: {string.Join(", ", Assignor.All.Select(known => known.Name))}."),
        _ => (ErrorCode.None, null),
    };

    private static void Write(ResponseWriter response, IReadOnlyCollection<TopicSlot>? assignment)
    {
        if (assignment is null)
        {
            response.Int8(-1);
            return;
        }

        var byTopic = assignment.GroupBy(slot => slot.Topic).ToList();
        response.Int8(1).Array(byTopic.Count);
        foreach (var topic in byTopic)
            response.Uuid(topic.Key).Int32Array([.. topic.Select(slot => slot.Partition).Order()]).Tags();
        response.Tags();
    }
}
