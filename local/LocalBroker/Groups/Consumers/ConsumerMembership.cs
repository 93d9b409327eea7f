using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>
/// The members of a group of the newer protocol (KIP-848), whose partitions the broker shares out: every heartbeat carries what a
/// member wants and has, every answer what it is to have now. The group's lock is held by the caller.
/// </summary>
internal sealed class ConsumerMembership(string groupId, TopicCatalog topics, LocalBrokerOptions options, Action<ConsumerMembership> persist)
{
    private readonly ConsumerRoster _roster = new();
    private Dictionary<Guid, int> _partitions = [];
    private long _topicsSeen = -1;

    /// <summary>Grows with every change of members, of what they want, or of the topics they want.</summary>
    public int Epoch { get; private set; }

    /// <summary>The epoch that the members' targets are made for.</summary>
    public int AssignmentEpoch { get; private set; }

    public IReadOnlyCollection<ConsumerMember> Members => _roster.All;

    /// <summary>Number of partitions of every topic that somebody wants, as the targets are made for.</summary>
    public IReadOnlyDictionary<Guid, int> Partitions => _partitions;

    public GroupState State =>
        _roster.Count == 0 ? GroupState.Empty
        : Epoch > AssignmentEpoch ? GroupState.Assigning
        : Members.All(member => member.IsSettled && member.Epoch == AssignmentEpoch) ? GroupState.Stable : GroupState.Reconciling;

    public IEnumerable<string> SubscribedTopics => Members.SelectMany(member => member.Subscription.In(topics)).Select(topic => topic.Name);

    public ConsumerAnswer Beat(ConsumerBeat beat)
    {
        var (error, message) = beat.Epoch == ConsumerMember.Joins ? CheckJoin(beat) : _roster.Check(beat);
        if (error != ErrorCode.None)
            return new ConsumerAnswer(error, message);
        if (beat.Epoch < ConsumerMember.Joins)
            return Leave(beat, _roster.Find(beat.MemberId)!);
        if (Subscription.TryCreate([], beat.Pattern) is null)
            return new ConsumerAnswer(ErrorCode.InvalidRegularExpression, $"SubscribedTopicRegex `{beat.Pattern}` is not a valid regular expression.");
        var member = beat.Epoch == ConsumerMember.Joins ? Admit(beat) : _roster.Find(beat.MemberId)!;
        var hasChanged = Update(member, beat);
        _roster.Add(member);
        member.Expires = options.Clock.GetUtcNow() + options.ConsumerGroupSessionTimeout;
        if (hasChanged || TopicsHaveChanged())
            Epoch++;
        var before = member.Assigned;
        var moved = ShareOut();
        moved |= Reconciliation.Step(member, AssignmentEpoch, beat.Owned, () => HeldByOthers(member), options.Clock.GetUtcNow());
        if (moved || hasChanged)
            persist(this);
        var tells = beat.IsFull || beat.Epoch == ConsumerMember.Joins || before.Count != member.Assigned.Count || !before.Keys.All(member.Assigned.ContainsKey);
        return new ConsumerAnswer(ErrorCode.None) { MemberId = member.Id, Epoch = member.Epoch, Assignment = tells ? member.Assigned.Keys : null };
    }

    /// <summary>Whether someone may commit offsets: a member with its epoch, or anyone while the group has no members.</summary>
    public ErrorCode CheckCommit(MemberClaim claim, IEnumerable<TopicSlot> slots, bool inTransaction)
    {
        if (claim.Generation < 0 && (_roster.Count == 0 || (inTransaction && claim.MemberId.Length == 0)))
            return ErrorCode.None;
        if (_roster.Find(claim.MemberId) is not { } member)
            return ErrorCode.UnknownMemberId;
        return claim.Generation == member.Epoch || (claim.Generation < member.Epoch && slots.All(slot => member.MayCommit(slot, claim.Generation)))
            ? ErrorCode.None
            : inTransaction ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch;
    }

    /// <summary>Whether someone may read offsets: anyone who does not say who it is, or a member with its epoch.</summary>
    public ErrorCode CheckFetch(string? memberId, int epoch) =>
        string.IsNullOrEmpty(memberId) && epoch < 0 ? ErrorCode.None
        : _roster.Find(memberId ?? "") is not { } member ? ErrorCode.UnknownMemberId
        : member.Epoch == epoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;

    /// <summary>Drops members that have been silent too long, or keep too long what they were told to give up.</summary>
    public void Tick()
    {
        var now = options.Clock.GetUtcNow();
        var gone = Members.Where(member => member.Expires < now || member.RevokesUntil < now).ToList();
        gone.ForEach(_roster.Remove);
        if (gone.Count == 0)
            return;
        Epoch++;
        persist(this);
    }

    /// <summary>Takes up where the group was before the broker restarted; members get a full session to show themselves.</summary>
    public void Restore(int epoch, int assignmentEpoch, Dictionary<Guid, int> partitions, IEnumerable<ConsumerMember> members)
    {
        (Epoch, AssignmentEpoch, _partitions) = (epoch, assignmentEpoch, partitions);
        var now = options.Clock.GetUtcNow();
        foreach (var member in members)
        {
            member.Expires = now + options.ConsumerGroupSessionTimeout;
            if (member.Revoking.Count > 0)
                member.RevokesUntil = now + member.RebalanceTimeout;
            _roster.Add(member);
        }
    }

    public ConsumerGroupDescription Describe() => new(groupId, State, Epoch, AssignmentEpoch, ElectAssignor().Name,
    [
        .. Members.Select(member => new ConsumerMemberDescription(
            member.Id, member.InstanceId, member.RackId, member.Epoch, member.ClientId, member.ClientHost)
        {
            Subscription = member.Subscription,
            Assigned = [.. member.Assigned.Keys],
            Target = [.. member.Target],
        }),
    ]);

    private (ErrorCode Error, string? Message) CheckJoin(ConsumerBeat beat)
    {
        var former = _roster.FindStatic(beat.InstanceId);
        if (former is not null && former.Id != beat.MemberId && former.Epoch != ConsumerMember.LeavesForNow)
            return (ErrorCode.UnreleasedInstanceId, $"Static member {beat.MemberId} with instance id {beat.InstanceId} cannot join the group because the instance id is owned by member {former.Id}.");
        return former is null && _roster.IsFull && _roster.Find(beat.MemberId) is null
            ? (ErrorCode.GroupMaxSizeReached, "The consumer group has reached its maximum capacity.")
            : (ErrorCode.None, null);
    }

    // A member that starts over keeps its place; a static one that comes back takes the place of its former self.
    private ConsumerMember Admit(ConsumerBeat beat)
    {
        if (_roster.Find(beat.MemberId) is { } known)
            return known;
        var member = new ConsumerMember { Id = beat.MemberId, InstanceId = beat.InstanceId, ClientId = beat.ClientId, ClientHost = beat.ClientHost };
        if (_roster.FindStatic(beat.InstanceId) is not { } former)
            return member;
        (member.Subscription, member.Assignor, member.Target, member.Assigned) = (former.Subscription, former.Assignor, former.Target, former.Assigned);
        _roster.Remove(former);
        return member;
    }

    // Whether the group is another by it: somebody new, or somebody who wants something else.
    private bool Update(ConsumerMember member, ConsumerBeat beat)
    {
        var wanted = Subscription.TryCreate(beat.Topics ?? member.Subscription.Topics, beat.Pattern ?? member.Subscription.Pattern)!;
        var isNew = _roster.Find(member.Id) is null && member.Subscription == Subscription.None;
        var hasChanged = isNew || !wanted.Is(member.Subscription) || (beat.Assignor is { } assignor && assignor != member.Assignor);
        member.Subscription = wanted;
        member.Assignor = beat.Assignor ?? member.Assignor;
        member.RackId = beat.RackId ?? member.RackId;
        member.RebalanceTimeout = beat.RebalanceTimeout ?? member.RebalanceTimeout;
        return hasChanged;
    }

    private ConsumerAnswer Leave(ConsumerBeat beat, ConsumerMember member)
    {
        if (beat.Epoch == ConsumerMember.LeavesForNow)
        {
            member.Epoch = ConsumerMember.LeavesForNow;
            (member.Revoking, member.AwaitsRelease, member.RevokesUntil) = ([], false, DateTimeOffset.MaxValue);
        }
        else
        {
            _roster.Remove(member);
            Epoch++;
        }

        persist(this);
        return new ConsumerAnswer(ErrorCode.None) { MemberId = member.Id, Epoch = beat.Epoch };
    }

    private bool TopicsHaveChanged()
    {
        var version = topics.Version;
        if (version == _topicsSeen)
            return false;
        _topicsSeen = version;
        var now = WantedPartitions();
        return now.Count != _partitions.Count || now.Any(topic => _partitions.GetValueOrDefault(topic.Key) != topic.Value);
    }

    private Dictionary<Guid, int> WantedPartitions() => Members.SelectMany(member => member.Subscription.In(topics)).DistinctBy(topic => topic.Id)
        .ToDictionary(topic => topic.Id, topic => topic.Partitions.Count);

    // New targets for everyone, when the group has moved on since the last.
    private bool ShareOut()
    {
        if (Epoch == AssignmentEpoch)
            return false;
        _partitions = WantedPartitions();
        var assignees = Members
            .Select(member => new Assignee(member.Id, member.InstanceId, member.Subscription.In(topics).Select(topic => topic.Id).ToHashSet(), member.Target)).ToList();
        foreach (var (id, target) in ElectAssignor().Assign(assignees, _partitions))
            _roster.Find(id)!.Target = target;
        AssignmentEpoch = Epoch;
        return true;
    }

    private Assignor ElectAssignor()
    {
        var favourite = Members.Select(member => member.Assignor).OfType<string>().CountBy(name => name)
            .OrderByDescending(vote => vote.Value).ThenBy(vote => vote.Key, StringComparer.Ordinal).FirstOrDefault().Key;
        return (favourite is null ? null : Assignor.Find(favourite)) ?? Assignor.All[0];
    }

    private HashSet<TopicSlot> HeldByOthers(ConsumerMember one) =>
        Members.Where(member => member != one).SelectMany(member => member.Assigned.Keys.Concat(member.Revoking)).ToHashSet();
}
