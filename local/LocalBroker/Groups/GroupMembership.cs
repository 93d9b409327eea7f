using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>
/// The members of a classic group and its state machine: join, then sync, then heartbeats until something changes. The
/// group's lock is held by the caller; answers that wait for other members are tasks.
/// </summary>
internal sealed class GroupMembership(string groupId, TimeProvider clock, TimeSpan initialDelay, Action<GroupMembership> persist)
{
    private readonly GroupRoster _roster = new();
    private DateTimeOffset _rebalanceEnds;
    private DateTimeOffset _holdUntil;

    public GroupState State { get; private set; } = GroupState.Empty;

    public int Generation { get; private set; }

    public string? ProtocolType { get; private set; }

    public string? Protocol { get; private set; }

    public string? LeaderId { get; private set; }

    public IReadOnlyCollection<GroupMember> Members => _roster.Members;

    /// <summary>Whether nobody belongs to it, and nobody is about to.</summary>
    public bool IsEmpty => Members.Count == 0 && !_roster.HasPromises;

    /// <summary>Whether nothing is left, or ever was, but an object: a refused join leaves one behind.</summary>
    public bool IsVacant => Generation == 0 && Members.Count == 0 && !_roster.HasPromises;

    public Task<JoinAnswer> Join(JoinRequest request)
    {
        if (request.Protocols.Count == 0 || request.ProtocolType.Length == 0 || !_roster.IsCompatible(request, ProtocolType))
            return Refuse(ErrorCode.InconsistentGroupProtocol, request.MemberId);
        if (request.MemberId.Length == 0)
            return JoinNew(request);
        if (_roster.Redeem(request.MemberId))
            return Add(request, request.MemberId);
        if (_roster.Fence(request.MemberId, request.InstanceId) is var fenced && fenced != ErrorCode.None)
            return Refuse(fenced, request.MemberId);
        return Rejoin(request, _roster[request.MemberId]);
    }

    public Task<SyncAnswer> Sync(SyncRequest request)
    {
        var error = Check(new MemberClaim(request.MemberId, request.InstanceId, request.Generation));
        var isOther = (request.ProtocolType is { } type && type != ProtocolType) || (request.Protocol is { } name && name != Protocol);
        if (error == ErrorCode.None && isOther)
            error = ErrorCode.InconsistentGroupProtocol;
        if (error == ErrorCode.None && State == GroupState.PreparingRebalance)
            error = ErrorCode.RebalanceInProgress;
        if (error != ErrorCode.None)
            return Task.FromResult(SyncAnswer.Refused(error));
        var member = _roster[request.MemberId];
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
        Touch(_roster[claim.MemberId]);
        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    public ErrorCode Leave(string memberId, string? instanceId)
    {
        if (_roster.Redeem(memberId))
        {
            TryCompleteJoin();
            return ErrorCode.None;
        }

        if (instanceId is not null && memberId.Length == 0)
            memberId = _roster.IdOfInstance(instanceId) ?? "";
        if (_roster.Fence(memberId, instanceId) is var fenced && fenced != ErrorCode.None)
            return fenced;
        Remove(_roster[memberId]);
        return ErrorCode.None;
    }

    /// <summary>Whether someone may commit offsets: a member of this generation, or anyone while the group has no members.</summary>
    public ErrorCode CheckCommit(MemberClaim claim, bool inTransaction)
    {
        if (claim.Generation < 0 && claim.MemberId.Length == 0 && (inTransaction || Members.Count == 0))
            return ErrorCode.None;
        if (Members.Count == 0 && claim.Generation >= 0 && claim.MemberId.Length == 0)
            return ErrorCode.IllegalGeneration;
        var error = Check(claim);
        if (error != ErrorCode.None || inTransaction)
            return error;
        Touch(_roster[claim.MemberId]);
        return State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>Drops members that have been silent too long and ends rebalances that have waited long enough.</summary>
    public void Tick()
    {
        var now = clock.GetUtcNow();
        _roster.ExpirePromises(now);
        foreach (var member in Members.Where(member => !member.Waits && member.Expires < now).ToList())
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
            foreach (var member in Members.Where(member => !member.HasSynced).ToList())
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
            _roster.Add(member);
            Touch(member);
        }

        State = Members.Count > 0 ? GroupState.Stable : GroupState.Empty;
    }

    public GroupDescription Describe() => new(groupId, GroupType.Classic, State, ProtocolType ?? "", State == GroupState.Stable ? Protocol ?? "" : "",
    [
        .. Members.Select(member => new MemberDescription(
            member.Id, member.InstanceId, member.ClientId, member.ClientHost, member.MetadataFor(Protocol), member.Assignment)),
    ]);

    private Task<JoinAnswer> JoinNew(JoinRequest request)
    {
        if (_roster.IsFull)
            return Refuse(ErrorCode.GroupMaxSizeReached, "");
        var id = $"{request.InstanceId ?? request.ClientId}-{Guid.NewGuid()}";
        if (request.InstanceId is { } instance)
            return _roster.IdOfInstance(instance) is { } former ? Replace(request, _roster[former], id) : Add(request, id);
        if (!request.NeedsMemberId)
            return Add(request, id);
        _roster.Promise(id, clock.GetUtcNow() + request.SessionTimeout);
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
        _roster.Add(member);
        if (Members.Count == 1)
            ProtocolType = request.ProtocolType;
        return Rebalance(member);
    }

    // A static member that came back after a restart: its former self is fenced, its assignment stays when nothing else changed.
    private Task<JoinAnswer> Replace(JoinRequest request, GroupMember member, string id)
    {
        var former = member.Id;
        member.Joining?.TrySetResult(new JoinAnswer(ErrorCode.FencedInstanceId, former));
        member.Syncing?.TrySetResult(SyncAnswer.Refused(ErrorCode.FencedInstanceId));
        (member.Joining, member.Syncing) = (null, null);
        var unchanged = State == GroupState.Stable && member.Offers(request.Protocols);
        _roster.Rename(member, id);
        var wasLeader = LeaderId == former;
        if (wasLeader)
            LeaderId = id;
        Update(member, request);
        if (!unchanged)
            return Rebalance(member);
        Touch(member);
        persist(this);
        var skips = wasLeader && request.CanSkipAssignment;
        var answer = Joined(member, tellMembers: skips) with { SkipAssignment = skips };
        return Task.FromResult(wasLeader && !skips ? answer with { Leader = former } : answer);
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
            foreach (var member in Members)
            {
                member.Syncing?.TrySetResult(SyncAnswer.Refused(ErrorCode.RebalanceInProgress));
                member.Syncing = null;
            }

            var now = clock.GetUtcNow();
            _holdUntil = State == GroupState.Empty ? now + initialDelay : now;
            _rebalanceEnds = now + _roster.LongestRebalanceTimeout();
            State = GroupState.PreparingRebalance;
        }

        TryCompleteJoin();
    }

    private void TryCompleteJoin()
    {
        if (State != GroupState.PreparingRebalance || _roster.HasPromises || clock.GetUtcNow() < _holdUntil)
            return;
        if (Members.All(member => member.Joining is not null))
            CompleteJoin();
    }

    private void CompleteJoin()
    {
        foreach (var absent in Members.Where(member => member.Joining is null && member.InstanceId is null).ToList())
            Forget(absent);
        Generation++;
        if (Members.Count == 0)
        {
            (State, Protocol, LeaderId) = (GroupState.Empty, null, null);
            persist(this);
            return;
        }

        Protocol = _roster.ElectProtocol();
        State = GroupState.CompletingRebalance;
        _rebalanceEnds = clock.GetUtcNow() + _roster.LongestRebalanceTimeout();
        if (LeaderId is null || !_roster.TryGet(LeaderId, out var leader) || leader.Joining is null)
            LeaderId = (Members.FirstOrDefault(member => member.Joining is not null) ?? Members.First()).Id;
        persist(this);
        foreach (var member in Members)
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
        Members = tellMembers ? [.. Members.Select(m => new JoinedMember(m.Id, m.InstanceId, m.MetadataFor(Protocol)))] : [],
    };

    private void Assign(IReadOnlyDictionary<string, byte[]> assignments)
    {
        State = GroupState.Stable;
        foreach (var member in Members)
            member.Assignment = assignments.GetValueOrDefault(member.Id) ?? [];
        persist(this);
        foreach (var member in Members)
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
        _roster.Remove(member);
        member.Joining?.TrySetResult(new JoinAnswer(ErrorCode.UnknownMemberId, member.Id));
        member.Syncing?.TrySetResult(SyncAnswer.Refused(ErrorCode.UnknownMemberId));
    }

    private ErrorCode Check(MemberClaim claim)
    {
        var fenced = _roster.Fence(claim.MemberId, claim.InstanceId);
        return fenced != ErrorCode.None ? fenced : claim.Generation == Generation ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }

    private void Touch(GroupMember member) => member.Expires = clock.GetUtcNow() + member.SessionTimeout;

    private static Task<JoinAnswer> Refuse(ErrorCode error, string memberId) => Task.FromResult(new JoinAnswer(error, memberId));
}
