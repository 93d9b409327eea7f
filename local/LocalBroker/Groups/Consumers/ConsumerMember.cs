namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>One member of a consumer group: what it wants, what it has, what it is to have. Used under the group's lock.</summary>
internal sealed class ConsumerMember
{
    /// <summary>A member that asks to be let in, or to start over.</summary>
    public const int Joins = 0;

    /// <summary>A member that leaves for good.</summary>
    public const int Leaves = -1;

    /// <summary>A static member that will be back within its session.</summary>
    public const int LeavesForNow = -2;

    public required string Id { get; init; }

    /// <summary>The name that a static member keeps over restarts.</summary>
    public string? InstanceId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public string? RackId { get; set; }

    /// <summary>Time that the member may take to give partitions up.</summary>
    public TimeSpan RebalanceTimeout { get; set; }

    public Subscription Subscription { get; set; } = Subscription.None;

    /// <summary>The assignor that the member wants; null leaves it to the broker.</summary>
    public string? Assignor { get; set; }

    /// <summary>The assignment that the member has come to, or <see cref="LeavesForNow"/>.</summary>
    public int Epoch { get; set; }

    /// <summary>The one before, with which a member comes that did not get the last answer.</summary>
    public int PreviousEpoch { get; set; }

    /// <summary>What the member may use, each since which epoch.</summary>
    public Dictionary<TopicSlot, int> Assigned { get; set; } = [];

    /// <summary>What the member has been told to give up and has not yet.</summary>
    public HashSet<TopicSlot> Revoking { get; set; } = [];

    /// <summary>What the member will have once the others have given it up.</summary>
    public HashSet<TopicSlot> Target { get; set; } = [];

    /// <summary>Whether some of the target is still with other members.</summary>
    public bool AwaitsRelease { get; set; }

    /// <summary>When the member counts as dead unless it is heard from.</summary>
    public DateTimeOffset Expires { get; set; }

    /// <summary>When the member counts as stuck unless it has given up what it was told to.</summary>
    public DateTimeOffset RevokesUntil { get; set; } = DateTimeOffset.MaxValue;

    public bool IsSettled => Revoking.Count == 0 && !AwaitsRelease;

    public bool Holds(TopicSlot slot) => Assigned.ContainsKey(slot) || Revoking.Contains(slot);

    /// <summary>Whether a commit with an older epoch is still the member's to make: it has had the partition since then.</summary>
    public bool MayCommit(TopicSlot slot, int epoch) =>
        epoch == Epoch || (epoch < Epoch && Assigned.TryGetValue(slot, out var since) && since <= epoch);
}
