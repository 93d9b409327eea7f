using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>Who belongs to a consumer group: members by id, static members by the name they keep. The group's lock is held by the caller.</summary>
internal sealed class ConsumerRoster
{
    /// <summary>Members of one group, which bounds what a group costs.</summary>
    private const int MaxMembers = 1_000;

    private readonly Dictionary<string, ConsumerMember> _members = new(StringComparer.Ordinal);

    public IReadOnlyCollection<ConsumerMember> All => _members.Values;

    public int Count => _members.Count;

    public bool IsFull => _members.Count >= MaxMembers;

    public ConsumerMember? Find(string id) => _members.GetValueOrDefault(id);

    public ConsumerMember? FindStatic(string? instanceId) =>
        instanceId is null ? null : _members.Values.FirstOrDefault(member => member.InstanceId == instanceId);

    public void Add(ConsumerMember member) => _members[member.Id] = member;

    public void Remove(ConsumerMember member) => _members.Remove(member.Id);

    /// <summary>Whether a member that says it belongs does, and is not behind what the group knows of it.</summary>
    public (ErrorCode Error, string? Message) Check(ConsumerBeat beat)
    {
        if (beat.InstanceId is { } instance)
        {
            if (FindStatic(instance) is not { } holder)
                return (ErrorCode.UnknownMemberId, $"Instance id {instance} is unknown.");
            if (holder.Id != beat.MemberId)
                return (ErrorCode.FencedInstanceId, $"Static member {beat.MemberId} with instance id {instance} was fenced by member {holder.Id}.");
        }

        if (Find(beat.MemberId) is not { } member)
            return (ErrorCode.UnknownMemberId, $"Member {beat.MemberId} is not a member of the group.");
        var isBehindByOneAnswer = beat.Epoch == member.PreviousEpoch && beat.Owned is { } owned && owned.All(member.Assigned.ContainsKey);
        return beat.Epoch < 0 || beat.Epoch == member.Epoch || isBehindByOneAnswer
            ? (ErrorCode.None, null)
            : (ErrorCode.FencedMemberEpoch, $"The consumer group member has epoch {beat.Epoch}, the group coordinator {member.Epoch}. The member must abandon all its partitions and rejoin.");
    }
}
