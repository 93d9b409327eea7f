using Commerce.Streaming.LocalBroker.State;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>
/// The committed offsets of a group, and those that open transactions will commit. The group's lock is held by the caller.
/// </summary>
internal sealed class GroupOffsets(string groupId)
{
    private readonly Dictionary<TopicPartition, CommittedOffset> _committed = [];
    private readonly Dictionary<long, Dictionary<TopicPartition, CommittedOffset>> _pending = [];

    public IReadOnlyDictionary<TopicPartition, CommittedOffset> Committed => _committed;

    public bool HasPending => _pending.Count > 0;

    public bool IsPending(TopicPartition at) => _pending.Values.Any(offsets => offsets.ContainsKey(at));

    public void Commit(TopicPartition at, CommittedOffset offset, StateChange change)
    {
        _committed[at] = offset;
        change.Put(GroupKeys.OffsetOf(groupId, at), offset.ToBytes());
    }

    /// <summary>Keeps an offset aside until the producer's transaction ends.</summary>
    public void Hold(long producerId, TopicPartition at, CommittedOffset offset, StateChange change)
    {
        if (!_pending.TryGetValue(producerId, out var offsets))
            _pending[producerId] = offsets = [];
        offsets[at] = offset;
        change.Put(GroupKeys.PendingOf(producerId, groupId, at), offset.ToBytes());
    }

    /// <summary>Ends the producer's transaction here: what was kept aside counts, or is dropped.</summary>
    public void Settle(long producerId, bool commit, StateChange change)
    {
        if (!_pending.Remove(producerId, out var offsets))
            return;
        foreach (var (at, offset) in offsets)
        {
            change.Remove(GroupKeys.PendingOf(producerId, groupId, at));
            if (commit)
                Commit(at, offset, change);
        }
    }

    public void Delete(TopicPartition at, StateChange change)
    {
        if (_committed.Remove(at))
            change.Remove(GroupKeys.OffsetOf(groupId, at));
    }

    public void DeleteTopic(string topic, StateChange change)
    {
        foreach (var at in _committed.Keys.Where(at => at.Topic == topic).ToList())
            Delete(at, change);
    }

    public void DeleteAll(StateChange change)
    {
        foreach (var at in _committed.Keys.ToList())
            Delete(at, change);
    }

    public void RestoreCommitted(TopicPartition at, CommittedOffset offset) => _committed[at] = offset;

    public void RestorePending(long producerId, TopicPartition at, CommittedOffset offset)
    {
        if (!_pending.TryGetValue(producerId, out var offsets))
            _pending[producerId] = offsets = [];
        offsets[at] = offset;
    }
}
