using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>
/// The members of a classic group and its state machine: join, then sync, then heartbeats until something changes. The
/// group's lock is held by the caller; answers that wait for other members are tasks.
/// </summary>
internal sealed class GroupMembership(string groupId, TimeProvider clock, TimeSpan initialDelay, Action<GroupMembership> persist)
{
    /// <summary>Members of one group, which bounds what a group costs.</summary>
    private const int MaxMembers = 1_000;

    private readonly Dictionary<string, GroupMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _idOfInstance = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _promisedIds = new(StringComparer.Ordinal);
    private DateTimeOffset _rebalanceEnds;
    private DateTimeOffset _holdUntil;

    public GroupState State { get; private set; } = GroupState.Empty;

    public int Generation { get; private set; }

    public string? ProtocolType { get; private set; }

    public string? Protocol { get; private set; }

    public string? LeaderId { get; private set; }

    public IReadOnlyCollection<GroupMember> Members => _members.Values;

    public Task<JoinAnswer> Join(JoinRequest request)
    {
        if (request.Protocols.Count == 0 || request.ProtocolType.Length == 0 || !IsCompatible(request))
            return Refuse(ErrorCode.InconsistentGroupProtocol, request.MemberId);
        if (request.MemberId.Length == 0)
            return JoinNew(request);
        if (_promisedIds.Remove(request.MemberId))
            return Add(request, request.MemberId);
        if (Fence(request.MemberId, request.InstanceId) is var fenced && fenced != ErrorCode.None)
            return Refuse(fenced, request.MemberId);
        return Rejoin(request, _members[request.MemberId]);
    }

    public Task<SyncAnswer> Sync(SyncRequest request)
    {
        var error = Check(new MemberClaim(request.MemberId, request.InstanceId, request.Generation));
        if (error == ErrorCode.None && ((request.ProtocolType is { } type && type != ProtocolType) || (request.Protocol is { } name && name != Protocol)))
            error = ErrorCode.InconsistentGroupProtocol;
        if (error == ErrorCode.None && State == GroupState.PreparingRebalance)
            error = ErrorCode.RebalanceInProgress;
        if (error != ErrorCode.None)
            return Task.FromResult(SyncAnswer.Refused(error));
        var member = _members[request.MemberId];
        member.HasSynced = true;
        Touch(member);
        if (State == GroupState.Stable)
            return Task.FromResult(Assigned(member));
        var waiting = new TaskCompletionSource<SyncAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        member.Syncing?.TrySetResult(SyncAnswer.Refused(ErrorCode.RebalanceInProgress));
        member.Syncing = waiting;
        if (member.Id == LeaderId)
            Assign(request.Assignments);
        return waiting.Task;
    }

    public ErrorCode Heartbeat(MemberClaim claim)
    {
        var error = Check(claim);
        if (error != ErrorCode.None)
            return error;
        Touch(_members[claim.MemberId]);
        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    public ErrorCode Leave(string memberId, string? instanceId)
    {
        if (_promisedIds.Remove(memberId))
        {
            TryCompleteJoin();
            return ErrorCode.None;
        }

        if (instanceId is not null && memberId.Length == 0)
            memberId = _idOfInstance.GetValueOrDefault(instanceId, "");
        if (Fence(memberId, instanceId) is var fenced && fenced != ErrorCode.None)
            return fenced;
        Remove(_members[memberId]);
        return ErrorCode.None;
    }

    /// <summary>Whether someone may commit offsets: a member of this generation, or anyone while the group has no members.</summary>
    public ErrorCode CheckCommit(MemberClaim claim, bool inTransaction)
    {
        if (claim.Generation < 0 && claim.MemberId.Length == 0 && (inTransaction || _members.Count == 0))
            return ErrorCode.None;
        if (_members.Count == 0 && claim.Generation >= 0 && claim.MemberId.Length == 0)
            return ErrorCode.IllegalGeneration;
        var error = Check(claim);
        if (error != ErrorCode.None || inTransaction)
            return error;
        Touch(_members[claim.MemberId]);
        return State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>Drops members that have been silent too long and ends rebalances that have waited long enough.</summary>
    public void Tick()
    {
        var now = clock.GetUtcNow();
        foreach (var (id, expires) in _promisedIds)
        {
            if (expires < now)
                _promisedIds.Remove(id);
        }

        foreach (var member in _members.Values.Where(member => !member.Waits && member.Expires < now).ToList())
            Remove(member);
        if (State == GroupState.PreparingRebalance)
        {
            if (now >= _rebalanceEnds)
                CompleteJoin();
            else
                TryCompleteJoin();
        }
        else if (State == GroupState.CompletingRebalance && now >= _rebalanceEnds)
        {
            foreach (var member in _members.Values.Where(member => !member.HasSynced).ToList())
                Remove(member);
        }
    }

    /// <summary>Takes up where the group was before the broker restarted; members get a full session to show themselves.</summary>
    public void Restore(int generation, string? protocolType, string? protocol, string? leader, IEnumerable<GroupMember> members)
    {
        (Generation, ProtocolType, Protocol, LeaderId) = (generation, protocolType, protocol, leader);
        foreach (var member in members)
        {
            member.HasSynced = true;
            _members[member.Id] = member;
            if (member.InstanceId is { } instance)
                _idOfInstance[instance] = member.Id;
            Touch(member);
        }

        State = _members.Count > 0 ? GroupState.Stable : GroupState.Empty;
    }

    public GroupDescription Describe() => new(groupId, State, ProtocolType ?? "", State == GroupState.Stable ? Protocol ?? "" : "",
    [
        .. _members.Values.Select(member => new MemberDescription(
            member.Id, member.InstanceId, member.ClientId, member.ClientHost, member.MetadataFor(Protocol), member.Assignment)),
    ]);

    private Task<JoinAnswer> JoinNew(JoinRequest request)
    {
        if (_members.Count + _promisedIds.Count >= MaxMembers)
            return Refuse(ErrorCode.GroupMaxSizeReached, "");
        var id = $"{request.InstanceId ?? request.ClientId}-{Guid.NewGuid()}";
        if (request.InstanceId is { } instance)
            return _idOfInstance.TryGetValue(instance, out var former) ? Replace(request, _members[former], id) : Add(request, id);
        if (!request.NeedsMemberId)
            return Add(request, id);
        _promisedIds[id] = clock.GetUtcNow() + request.SessionTimeout;
        return Refuse(ErrorCode.MemberIdRequired, id);
    }

    private Task<JoinAnswer> Add(JoinRequest request, string id)
    {
        var member = new GroupMember
        {
            Id = id,
            InstanceId = request.InstanceId,
            ClientId = request.ClientId,
            ClientHost = request.ClientHost,
            SessionTimeout = request.SessionTimeout,
            RebalanceTimeout = request.RebalanceTimeout,
            Protocols = request.Protocols,
        };
        _members[id] = member;
        if (request.InstanceId is { } instance)
            _idOfInstance[instance] = id;
        ProtocolType ??= request.ProtocolType;
        if (_members.Count == 1)
            ProtocolType = request.ProtocolType;
        return Rebalance(member);
    }

    // A static member that came back after a restart: its former self is fenced, its assignment stays when nothing else changed.
    private Task<JoinAnswer> Replace(JoinRequest request, GroupMember member, string id)
    {
        var former = member.Id;
        _members.Remove(former);
        member.Joining?.TrySetResult(new JoinAnswer(ErrorCode.FencedInstanceId, former));
        member.Syncing?.TrySetResult(SyncAnswer.Refused(ErrorCode.FencedInstanceId));
        (member.Joining, member.Syncing) = (null, null);
        var unchanged = State == GroupState.Stable && member.Offers(request.Protocols);
        member.Id = id;
        _members[id] = member;
        _idOfInstance[request.InstanceId!] = id;
        var wasLeader = LeaderId == former;
        if (wasLeader)
            LeaderId = id;
        Update(member, request);
        if (!unchanged)
            return Rebalance(member);
        Touch(member);
        persist(this);
        var answer = Joined(member, tellMembers: wasLeader && request.CanSkipAssignment) with { SkipAssignment = wasLeader && request.CanSkipAssignment };
        return Task.FromResult(wasLeader && !request.CanSkipAssignment ? answer with { Leader = former } : answer);
    }

    private Task<JoinAnswer> Rejoin(JoinRequest request, GroupMember member)
    {
        var unchanged = member.Offers(request.Protocols);
        var settled = State == GroupState.CompletingRebalance || (State == GroupState.Stable && member.Id != LeaderId);
        Update(member, request);
        if (!unchanged || !settled)
            return Rebalance(member);
        Touch(member);
        return Task.FromResult(Joined(member, tellMembers: member.Id == LeaderId));
    }

    private static void Update(GroupMember member, JoinRequest request)
    {
        member.Protocols = request.Protocols;
        member.SessionTimeout = request.SessionTimeout;
        member.RebalanceTimeout = request.RebalanceTimeout;
    }

    private Task<JoinAnswer> Rebalance(GroupMember member)
    {
        var waiting = new TaskCompletionSource<JoinAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        member.Joining?.TrySetResult(new JoinAnswer(ErrorCode.RebalanceInProgress, member.Id));
        member.Joining = waiting;
        Touch(member);
        PrepareRebalance();
        return waiting.Task;
    }

    private void PrepareRebalance()
    {
        if (State != GroupState.PreparingRebalance)
        {
            foreach (var member in _members.Values)
            {
                member.Syncing?.TrySetResult(SyncAnswer.Refused(ErrorCode.RebalanceInProgress));
                member.Syncing = null;
            }

            var now = clock.GetUtcNow();
            _holdUntil = State == GroupState.Empty ? now + initialDelay : now;
            _rebalanceEnds = now + LongestRebalanceTimeout();
            State = GroupState.PreparingRebalance;
        }

        TryCompleteJoin();
    }

    private void TryCompleteJoin()
    {
        if (State != GroupState.PreparingRebalance || _promisedIds.Count > 0 || clock.GetUtcNow() < _holdUntil)
            return;
        if (_members.Values.All(member => member.Joining is not null))
            CompleteJoin();
    }

    private void CompleteJoin()
    {
        foreach (var absent in _members.Values.Where(member => member.Joining is null && member.InstanceId is null).ToList())
            Forget(absent);
        Generation++;
        if (_members.Count == 0)
        {
            (State, Protocol, LeaderId) = (GroupState.Empty, null, null);
            persist(this);
            return;
        }

        Protocol = ElectProtocol();
        State = GroupState.CompletingRebalance;
        _rebalanceEnds = clock.GetUtcNow() + LongestRebalanceTimeout();
        if (LeaderId is null || !_members.TryGetValue(LeaderId, out var leader) || leader.Joining is null)
            LeaderId = (_members.Values.FirstOrDefault(member => member.Joining is not null) ?? _members.Values.First()).Id;
        foreach (var member in _members.Values)
        {
            member.HasSynced = false;
            Touch(member);
            member.Joining?.TrySetResult(Joined(member, tellMembers: member.Id == LeaderId));
            member.Joining = null;
        }
    }

    private JoinAnswer Joined(GroupMember member, bool tellMembers) => new(ErrorCode.None, member.Id)
    {
        Generation = Generation,
        ProtocolType = ProtocolType,
        Protocol = Protocol,
        Leader = LeaderId ?? "",
        Members = tellMembers ? [.. _members.Values.Select(m => new JoinedMember(m.Id, m.InstanceId, m.MetadataFor(Protocol)))] : [],
    };

    private void Assign(IReadOnlyDictionary<string, byte[]> assignments)
    {
        State = GroupState.Stable;
        foreach (var member in _members.Values)
            member.Assignment = assignments.GetValueOrDefault(member.Id) ?? [];
        persist(this);
        foreach (var member in _members.Values)
        {
            if (member.Syncing is null)
                continue;
            Touch(member);
            member.Syncing.TrySetResult(Assigned(member));
            member.Syncing = null;
        }
    }

    private SyncAnswer Assigned(GroupMember member) =>
        new(ErrorCode.None, member.Assignment) { ProtocolType = ProtocolType, Protocol = Protocol };

    private void Remove(GroupMember member)
    {
        Forget(member);
        if (State is GroupState.Stable or GroupState.CompletingRebalance)
            PrepareRebalance();
        else
            TryCompleteJoin();
    }

    private void Forget(GroupMember member)
    {
        _members.Remove(member.Id);
        if (member.InstanceId is { } instance && _idOfInstance.GetValueOrDefault(instance) == member.Id)
            _idOfInstance.Remove(instance);
        member.Joining?.TrySetResult(new JoinAnswer(ErrorCode.UnknownMemberId, member.Id));
        member.Syncing?.TrySetResult(SyncAnswer.Refused(ErrorCode.UnknownMemberId));
    }

    private ErrorCode Check(MemberClaim claim)
    {
        var fenced = Fence(claim.MemberId, claim.InstanceId);
        return fenced != ErrorCode.None ? fenced : claim.Generation == Generation ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }

    private ErrorCode Fence(string memberId, string? instanceId)
    {
        if (instanceId is not null && _idOfInstance.TryGetValue(instanceId, out var current) && current != memberId)
            return ErrorCode.FencedInstanceId;
        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    private bool IsCompatible(JoinRequest request)
    {
        var others = _members.Values.Where(member => member.Id != request.MemberId && (member.InstanceId is null || member.InstanceId != request.InstanceId)).ToList();
        return others.Count == 0
            || (ProtocolType == request.ProtocolType
                && request.Protocols.Any(offered => others.TrueForAll(member => member.Protocols.Any(known => known.Name == offered.Name))));
    }

    // Every member votes for the first of its protocols that all others offer too.
    private string ElectProtocol()
    {
        var shared = _members.Values.First().Protocols.Select(protocol => protocol.Name)
            .Where(name => _members.Values.All(member => member.Protocols.Any(protocol => protocol.Name == name)))
            .ToHashSet(StringComparer.Ordinal);
        return _members.Values.Select(member => member.Protocols.First(protocol => shared.Contains(protocol.Name)).Name)
            .CountBy(name => name).MaxBy(vote => vote.Value).Key;
    }

    private TimeSpan LongestRebalanceTimeout() => _members.Values.Select(member => member.RebalanceTimeout).DefaultIfEmpty().Max();

    private void Touch(GroupMember member) => member.Expires = clock.GetUtcNow() + member.SessionTimeout;

    private static Task<JoinAnswer> Refuse(ErrorCode error, string memberId) => Task.FromResult(new JoinAnswer(error, memberId));
}
