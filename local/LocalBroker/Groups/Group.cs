namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>One consumer group. Its members and offsets are used under <see cref="Sync"/>.</summary>
internal sealed class Group(string id, GroupMembership members)
{
    public string Id => id;

    public Lock Sync { get; } = new();

    public GroupMembership Members => members;

    public GroupOffsets Offsets { get; } = new(id);

    /// <summary>Set once the group has been deleted; whoever still holds it looks it up again.</summary>
    public bool IsDeleted { get; set; }
}
