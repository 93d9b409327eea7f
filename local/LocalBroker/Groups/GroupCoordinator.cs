using System.Collections.Concurrent;
using Commerce.Streaming.LocalBroker.Groups.Consumers;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.State;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>All consumer groups: looks them up, guards each by its lock, and keeps what must survive in the state store.</summary>
internal sealed partial class GroupCoordinator
{
    private readonly ConcurrentDictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly StateStore _store;
    private readonly TopicCatalog _topics;
    private readonly LocalBrokerOptions _options;

    public GroupCoordinator(StateStore store, TopicCatalog topics, LocalBrokerOptions options)
    {
        (_store, _topics, _options) = (store, topics, options);
        foreach (var (key, value) in store.WithPrefix(GroupKeys.Members))
            GroupRecord.Restore(value, GetOrAdd(key[GroupKeys.Members.Length..]).Members);
        foreach (var (key, value) in store.WithPrefix(GroupKeys.Consumers))
            ConsumerGroupRecord.Restore(value, BecomeConsumers(GetOrAdd(key[GroupKeys.Consumers.Length..])));
        foreach (var (key, value) in store.WithPrefix(GroupKeys.Offsets))
        {
            var (group, at) = GroupKeys.ParseOffset(key);
            GetOrAdd(group).Offsets.RestoreCommitted(at, CommittedOffset.FromBytes(value));
        }

        foreach (var (key, value) in store.WithPrefix(GroupKeys.Pending))
        {
            var (producerId, group, at) = GroupKeys.ParsePending(key);
            GetOrAdd(group).Offsets.RestorePending(producerId, at, CommittedOffset.FromBytes(value));
        }
    }

    public int Count => _groups.Count;

    /// <summary>Joins a classic group. A group of the newer protocol becomes one only while it has no members.</summary>
    public Task<JoinAnswer> Join(string groupId, JoinRequest request) => With(groupId, group =>
        group.Consumers is null || TryBecomeClassic(group)
            ? group.Members.Join(request)
            : Task.FromResult(new JoinAnswer(ErrorCode.InconsistentGroupProtocol, request.MemberId)));

    public Task<SyncAnswer> Sync(string groupId, SyncRequest request) =>
        WithExisting(groupId, group => group.Members.Sync(request)) ?? Task.FromResult(SyncAnswer.Refused(ErrorCode.UnknownMemberId));

    public ErrorCode Heartbeat(string groupId, MemberClaim claim) =>
        WithExisting<ErrorCode?>(groupId, group => group.Members.Heartbeat(claim)) ?? ErrorCode.UnknownMemberId;

    public ErrorCode Leave(string groupId, string memberId, string? instanceId) =>
        WithExisting<ErrorCode?>(groupId, group => group.Members.Leave(memberId, instanceId)) ?? ErrorCode.UnknownMemberId;

    /// <summary>Commits offsets for a member, or for anyone while the group has no members.</summary>
    public ErrorCode Commit(string groupId, MemberClaim claim, IReadOnlyCollection<(TopicPartition At, CommittedOffset Offset)> offsets) =>
        With(groupId, group =>
        {
            var error = CheckCommit(group, claim, offsets, inTransaction: false);
            if (error != ErrorCode.None)
                return error;
            var change = new StateChange();
            foreach (var (at, offset) in offsets)
                group.Offsets.Commit(at, offset, change);
            _store.Commit(change);
            return ErrorCode.None;
        });

    /// <summary>Keeps offsets aside until the producer's transaction ends (KIP-447: only for a current member).</summary>
    public ErrorCode Hold(
        string groupId, MemberClaim claim, long producerId, IReadOnlyCollection<(TopicPartition At, CommittedOffset Offset)> offsets) =>
        With(groupId, group =>
        {
            var error = CheckCommit(group, claim, offsets, inTransaction: true);
            if (error != ErrorCode.None)
                return error;
            var change = new StateChange();
            foreach (var (at, offset) in offsets)
                group.Offsets.Hold(producerId, at, offset, change);
            _store.Commit(change);
            return ErrorCode.None;
        });

    /// <summary>Settles what a transaction kept aside; the caller makes <paramref name="change"/> durable.</summary>
    public void Settle(string groupId, long producerId, bool commit, StateChange change) =>
        WithExisting<ErrorCode?>(groupId, group =>
        {
            group.Offsets.Settle(producerId, commit, change);
            return ErrorCode.None;
        });

    public long Now() => _options.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Reads the offsets of a group under its lock; an unknown group has none.</summary>
    public T Read<T>(string groupId, Func<GroupOffsets, T> read)
    {
        if (!_groups.TryGetValue(groupId, out var group))
            return read(new GroupOffsets(groupId));
        lock (group.Sync)
            return read(group.Offsets);
    }

    /// <summary>The groups that have, or had, members or offsets.</summary>
    public List<GroupDescription> List() => [.. _groups.Values.Where(IsKnown).Select(Describe)];

    public GroupDescription? Describe(string groupId) =>
        _groups.TryGetValue(groupId, out var group) && IsKnown(group) ? Describe(group) : null;

    public ErrorCode Delete(string groupId) => WithExisting<ErrorCode?>(groupId, group =>
    {
        if (group.HasMembers || group.Offsets.HasPending)
            return ErrorCode.NonEmptyGroup;
        var change = new StateChange().Remove(GroupKeys.MembersOf(groupId)).Remove(GroupKeys.ConsumersOf(groupId));
        group.Offsets.DeleteAll(change);
        _store.Commit(change);
        group.IsDeleted = true;
        _groups.TryRemove(groupId, out _);
        return ErrorCode.None;
    }) ?? ErrorCode.GroupIdNotFound;

    /// <summary>Deletes single offsets, except of topics that a member is subscribed to.</summary>
    public ErrorCode DeleteOffsets(string groupId, Func<Group, StateChange, ErrorCode> delete) => WithExisting<ErrorCode?>(groupId, group =>
    {
        var change = new StateChange();
        var error = delete(group, change);
        _store.Commit(change);
        return error;
    }) ?? ErrorCode.GroupIdNotFound;

    /// <summary>Forgets the offsets of a deleted topic in every group.</summary>
    public void TopicDeleted(string topic)
    {
        foreach (var group in _groups.Values)
        {
            var change = new StateChange();
            lock (group.Sync)
                group.Offsets.DeleteTopic(topic, change);
            _store.Commit(change);
        }
    }

    public void Tick()
    {
        foreach (var group in _groups.Values)
        {
            lock (group.Sync)
            {
                group.Members.Tick();
                group.Consumers?.Tick();
                if (!group.IsVacant)
                    continue;
                group.IsDeleted = true;
                _groups.TryRemove(group.Id, out _);
            }
        }
    }

    // A refused join or commit leaves an object behind that no one needs to see.
    private static bool IsKnown(Group group)
    {
        lock (group.Sync)
            return !group.IsVacant;
    }

    private static GroupDescription Describe(Group group)
    {
        lock (group.Sync)
            return group.Describe();
    }

    private Group GetOrAdd(string groupId) => _groups.GetOrAdd(groupId, id => new Group(id, NewClassic(id)));

    private GroupMembership NewClassic(string groupId) => new(
        groupId, _options.Clock, _options.GroupInitialRebalanceDelay,
        members => _store.Commit(new StateChange().Put(GroupKeys.MembersOf(groupId), GroupRecord.Write(members))));

    private T With<T>(string groupId, Func<Group, T> action)
    {
        while (true)
        {
            var group = GetOrAdd(groupId);
            lock (group.Sync)
            {
                if (!group.IsDeleted)
                    return action(group);
            }
        }
    }

    private T? WithExisting<T>(string groupId, Func<Group, T> action)
    {
        if (!_groups.TryGetValue(groupId, out var group))
            return default;
        lock (group.Sync)
            return group.IsDeleted ? default : action(group);
    }
}
