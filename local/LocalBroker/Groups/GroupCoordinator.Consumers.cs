using Commerce.Streaming.LocalBroker.Groups.Consumers;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.State;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>What the coordinator does for groups of the newer protocol (KIP-848), and between the two.</summary>
internal sealed partial class GroupCoordinator
{
    /// <summary>
    /// A heartbeat of the newer protocol. A classic group becomes one of it only while it has no members; Kafka refuses in the same
    /// words where its migration is switched off.
    /// </summary>
    public ConsumerAnswer Beat(string groupId, ConsumerBeat beat)
    {
        if (beat.Epoch != ConsumerMember.Joins)
        {
            return WithExisting(groupId, group => group.Consumers?.Beat(beat))
                ?? new ConsumerAnswer(ErrorCode.GroupIdNotFound, $"Group {groupId} not found.");
        }

        return With(groupId, group =>
        {
            if (group.Consumers is null && !group.Members.IsEmpty)
                return new ConsumerAnswer(ErrorCode.GroupIdNotFound, $"Group {groupId} is not a consumer group.");
            return (group.Consumers ?? BecomeConsumers(group)).Beat(beat);
        });
    }

    /// <summary>Whether a reader of a group's offsets may have them: a member of the newer protocol must be up to date.</summary>
    public ErrorCode CheckFetch(string groupId, string? memberId, int epoch) =>
        WithExisting<ErrorCode?>(groupId, group => group.Consumers?.CheckFetch(memberId, epoch)) ?? ErrorCode.None;

    /// <summary>The group, or why it cannot be described as one of the newer protocol.</summary>
    public (ConsumerGroupDescription? Group, string? Refusal) DescribeConsumers(string groupId) =>
        WithExisting<(ConsumerGroupDescription? Group, string? Refusal)?>(groupId, group =>
            group.Consumers is { Epoch: > 0 } consumers ? (consumers.Describe(), null)
            : group.IsVacant ? null
            : (null, $"Group {groupId} is not a consumer group.")) ?? (null, $"Group {groupId} not found.");

    private ErrorCode CheckCommit(
        Group group, MemberClaim claim, IReadOnlyCollection<(TopicPartition At, CommittedOffset Offset)> offsets, bool inTransaction)
    {
        if (group.Consumers is not { } consumers)
            return group.Members.CheckCommit(claim, inTransaction);
        return consumers.CheckCommit(
            claim, offsets.Select(each => new TopicSlot(_topics.Find(each.At.Topic)?.Id ?? Guid.Empty, each.At.Partition)), inTransaction);
    }

    private ConsumerMembership BecomeConsumers(Group group)
    {
        group.Members = NewClassic(group.Id);
        // From here on the one record stands for the group; the other goes with the first change.
        return group.Consumers = new ConsumerMembership(group.Id, _topics, _options, consumers => _store.Commit(
            new StateChange().Put(GroupKeys.ConsumersOf(group.Id), ConsumerGroupRecord.Write(consumers)).Remove(GroupKeys.MembersOf(group.Id))));
    }

    private bool TryBecomeClassic(Group group)
    {
        if (group.HasMembers)
            return false;
        group.Consumers = null;
        _store.Commit(new StateChange().Remove(GroupKeys.ConsumersOf(group.Id)));
        return true;
    }
}
