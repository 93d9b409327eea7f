using System.Diagnostics.CodeAnalysis;
using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>
/// Who belongs to a group: members by id, static members by the name they keep, and ids that were promised to members
/// who have not come with them yet. The group's lock is held by the caller.
/// </summary>
internal sealed class GroupRoster
{
    /// <summary>Members of one group, which bounds what a group costs.</summary>
    private const int MaxMembers = 1_000;

    private readonly Dictionary<string, GroupMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _idOfInstance = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _promises = new(StringComparer.Ordinal);

    public IReadOnlyCollection<GroupMember> Members => _members.Values;

    public bool HasPromises => _promises.Count > 0;

    public bool IsFull => _members.Count + _promises.Count >= MaxMembers;

    public GroupMember this[string id] => _members[id];

    public bool TryGet(string id, [NotNullWhen(true)] out GroupMember? member) => _members.TryGetValue(id, out member);

    public string? IdOfInstance(string instanceId) => _idOfInstance.GetValueOrDefault(instanceId);

    public void Add(GroupMember member)
    {
        _members[member.Id] = member;
        if (member.InstanceId is { } instance)
            _idOfInstance[instance] = member.Id;
    }

    public void Remove(GroupMember member)
    {
        _members.Remove(member.Id);
        if (member.InstanceId is { } instance && _idOfInstance.GetValueOrDefault(instance) == member.Id)
            _idOfInstance.Remove(instance);
    }

    /// <summary>Gives a static member that came back a new id; the former one is fenced from now on.</summary>
    public void Rename(GroupMember member, string id)
    {
        _members.Remove(member.Id);
        member.Id = id;
        Add(member);
    }

    public void Promise(string id, DateTimeOffset until) => _promises[id] = until;

    public bool Redeem(string id) => _promises.Remove(id);

    public void ExpirePromises(DateTimeOffset now)
    {
        foreach (var (id, until) in _promises)
        {
            if (until < now)
                _promises.Remove(id);
        }
    }

    /// <summary>Whether this is a member, and not one whose static name has gone to a successor.</summary>
    public ErrorCode Fence(string memberId, string? instanceId)
    {
        if (instanceId is not null && _idOfInstance.TryGetValue(instanceId, out var current) && current != memberId)
            return ErrorCode.FencedInstanceId;
        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    /// <summary>Whether the newcomer offers a protocol that all others offer too.</summary>
    public bool IsCompatible(JoinRequest request, string? protocolType)
    {
        var others = _members.Values
            .Where(member => member.Id != request.MemberId && (member.InstanceId is null || member.InstanceId != request.InstanceId)).ToList();
        return others.Count == 0
            || (protocolType == request.ProtocolType
                && request.Protocols.Any(offered => others.TrueForAll(member => member.Offers(offered.Name))));
    }

    /// <summary>Every member votes for the first of its protocols that all others offer too.</summary>
    public string ElectProtocol()
    {
        var shared = _members.Values.First().Protocols.Select(protocol => protocol.Name)
            .Where(name => _members.Values.All(member => member.Offers(name))).ToHashSet(StringComparer.Ordinal);
        return _members.Values.Select(member => member.Protocols.First(protocol => shared.Contains(protocol.Name)).Name)
            .CountBy(name => name).MaxBy(vote => vote.Value).Key;
    }

    public TimeSpan LongestRebalanceTimeout() => _members.Values.Select(member => member.RebalanceTimeout).DefaultIfEmpty().Max();
}
