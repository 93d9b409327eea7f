using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>What a member says with a heartbeat; null is what it has not changed since the last.</summary>
internal sealed record ConsumerBeat
{
    public required string MemberId { get; init; }

    public required int Epoch { get; init; }

    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public TimeSpan? RebalanceTimeout { get; init; }

    public IReadOnlyList<string>? Topics { get; init; }

    public string? Pattern { get; init; }

    public string? Assignor { get; init; }

    public IReadOnlySet<TopicSlot>? Owned { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    /// <summary>Whether the member says everything, as after a fault: then it is told everything too.</summary>
    public bool IsFull => RebalanceTimeout is not null && Owned is not null && (Topics is not null || Pattern is not null);
}

internal sealed record ConsumerAnswer(ErrorCode Error, string? Message = null)
{
    public string? MemberId { get; init; }

    public int Epoch { get; init; }

    /// <summary>Null when the member knows it already.</summary>
    public IReadOnlyCollection<TopicSlot>? Assignment { get; init; }
}

internal sealed record ConsumerGroupDescription(
    string Id, GroupState State, int Epoch, int AssignmentEpoch, string Assignor, IReadOnlyList<ConsumerMemberDescription> Members);

internal sealed record ConsumerMemberDescription(string Id, string? InstanceId, string? RackId, int Epoch, string ClientId, string ClientHost)
{
    public required Subscription Subscription { get; init; }

    public required IReadOnlyCollection<TopicSlot> Assigned { get; init; }

    public required IReadOnlyCollection<TopicSlot> Target { get; init; }
}
