using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>What a member says about itself when it joins.</summary>
internal sealed record JoinRequest
{
    public required string MemberId { get; init; }

    public string? InstanceId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public required TimeSpan SessionTimeout { get; init; }

    public required TimeSpan RebalanceTimeout { get; init; }

    public required string ProtocolType { get; init; }

    public required IReadOnlyList<GroupProtocol> Protocols { get; init; }

    /// <summary>Whether a new dynamic member first gets an id and joins with it (JoinGroup from version 4, KIP-394).</summary>
    public bool NeedsMemberId { get; init; }

    /// <summary>Whether a returning static leader can be told to leave the assignment as it is (from version 9, KIP-814).</summary>
    public bool CanSkipAssignment { get; init; }
}

internal sealed record JoinAnswer(ErrorCode Error, string MemberId)
{
    public int Generation { get; init; } = -1;

    public string? ProtocolType { get; init; }

    public string? Protocol { get; init; }

    public string Leader { get; init; } = "";

    public bool SkipAssignment { get; init; }

    /// <summary>Only the leader is told of the members.</summary>
    public IReadOnlyList<JoinedMember> Members { get; init; } = [];
}

internal sealed record JoinedMember(string Id, string? InstanceId, byte[] Metadata);

internal sealed record SyncRequest(string MemberId, string? InstanceId, int Generation, string? ProtocolType, string? Protocol)
{
    public required IReadOnlyDictionary<string, byte[]> Assignments { get; init; }
}

internal sealed record SyncAnswer(ErrorCode Error, byte[] Assignment)
{
    public string? ProtocolType { get; init; }

    public string? Protocol { get; init; }

    public static SyncAnswer Refused(ErrorCode error) => new(error, []);
}

/// <summary>A member as it presents itself with a heartbeat, a commit or a leave.</summary>
internal readonly record struct MemberClaim(string MemberId, string? InstanceId, int Generation);

internal sealed record GroupDescription(
    string Id, GroupType Type, GroupState State, string ProtocolType, string Protocol, IReadOnlyList<MemberDescription> Members);

internal sealed record MemberDescription(
    string Id, string? InstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);

internal enum GroupState
{
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    Dead,

    /// <summary>Of the newer protocol: targets are to be made.</summary>
    Assigning,

    /// <summary>Of the newer protocol: members are on their way to their targets.</summary>
    Reconciling,
}

/// <summary>The protocol of a group; named as on the wire.</summary>
internal enum GroupType
{
    Classic,
    Consumer,
}
