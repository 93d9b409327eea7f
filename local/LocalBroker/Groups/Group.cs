using Commerce.Streaming.LocalBroker.Groups.Consumers;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>
/// One group, of the classic protocol unless it has <see cref="Consumers"/>. It can change while it has no members; its offsets
/// stay. Its members and offsets are used under <see cref="Sync"/>.
/// </summary>
internal sealed class Group(string id, GroupMembership members)
{
    public string Id => id;

    public Lock Sync { get; } = new();

    /// <summary>The members of the classic protocol; none while the group is of the newer one.</summary>
    public GroupMembership Members { get; set; } = members;

    /// <summary>The members of the newer protocol (KIP-848), while the group is of that.</summary>
    public ConsumerMembership? Consumers { get; set; }

    public GroupOffsets Offsets { get; } = new(id);

    /// <summary>Set once the group has been deleted; whoever still holds it looks it up again.</summary>
    public bool IsDeleted { get; set; }

    public bool HasMembers => Consumers is { } consumers ? consumers.Members.Count > 0 : Members.Members.Count > 0;

    /// <summary>Whether nothing is left, or ever was, but an object: a refused join leaves one behind.</summary>
    public bool IsVacant =>
        (Consumers is { } consumers ? consumers.Epoch == 0 : Members.IsVacant) && Offsets.Committed.Count == 0 && !Offsets.HasPending;

    public IEnumerable<string> SubscribedTopics => Consumers is { } consumers ? consumers.SubscribedTopics : Subscriptions.Of(Members);

    public GroupDescription Describe() => Consumers is { } consumers
        ? new GroupDescription(id, GroupType.Consumer, consumers.State, Subscriptions.Consumers, "", [])
        : Members.Describe();
}
