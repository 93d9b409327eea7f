using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>
/// Timers of one partition: an ordinary store, so that they commit, roll back and are restored like any state, with a queue by due time
/// over it. The queue may hold outdated entries; the store decides.
/// </summary>
internal sealed class TimerStore
{
    public const string StoreName = "timers";

    private static readonly Comparer<(DateTimeOffset Due, string Id)> ByDueThenId = Comparer<(DateTimeOffset Due, string Id)>.Create(
        (one, other) => one.Due.CompareTo(other.Due) is var order and not 0 ? order : string.CompareOrdinal(one.Id, other.Id));

    private readonly StateStore<TimerEntry> _entries;
    private readonly PriorityQueue<string, (DateTimeOffset Due, string Id)> _streamTime = new(ByDueThenId);
    private readonly PriorityQueue<string, (DateTimeOffset Due, string Id)> _processingTime = new(ByDueThenId);
    private readonly List<string> _touchedByRecord = [];
    private readonly List<string> _touchedByTransaction = [];

    // Timers that are due and whose key is parked, by its root. The state has them as before; only the queue passes over them.
    private readonly Dictionary<string, List<string>> _held = new(StringComparer.Ordinal);
    private readonly StateStore<ParkedKey>? _parked;

    /// <param name="parked">Keys whose timers wait; null: none ever does.</param>
    public TimerStore(StateStore<TimerEntry> entries, StateStore<ParkedKey>? parked = null)
    {
        (_entries, _parked) = (entries, parked);
        foreach (var (id, entry) in entries.Entries())
            Enqueue(id, (TimerEntry)entry);
    }

    public static Store<TimerEntry> Definition(Topic<TimerEntry> changelog) => new(StoreName, changelog);

    public void Schedule(TopologyTimer timer, string key, DateTimeOffset dueAt)
    {
        var entry = new TimerEntry
        {
            Key = key,
            Name = timer.Name,
            DueAt = RoundUpToMillisecond(dueAt),
            EventTime = timer.Clock == TimerClock.StreamTime,
        };
        var id = IdOf(timer.Name, key);
        _touchedByRecord.Add(id);
        _entries.Put(id, entry);
        Enqueue(id, entry);
    }

    public void Cancel(TopologyTimer timer, string key)
    {
        var id = IdOf(timer.Name, key);
        if (_entries.Delete(id))
            _touchedByRecord.Add(id);
    }

    /// <summary>Takes the earliest timer that is due, in the order of due time and id, so that a replay fires alike.</summary>
    public TimerEntry? TakeDue(TimerClock clock, DateTimeOffset now)
    {
        if (NextDue(clock) is not { } due || due > now)
            return null;
        var id = QueueOf(clock).Dequeue();
        var entry = _entries.Get(id);
        _touchedByRecord.Add(id);
        _entries.Delete(id);
        return entry;
    }

    /// <summary>When the next timer is due.</summary>
    public DateTimeOffset? NextDue(TimerClock clock)
    {
        var queue = QueueOf(clock);
        while (queue.TryPeek(out var id, out var place))
        {
            var isSet = _entries.Get(id) is { } entry && entry.DueAt == place.Due && entry.EventTime == (clock == TimerClock.StreamTime);
            if (isSet && !IsHeld(id))
                return place.Due;
            queue.Dequeue();
        }

        return null;
    }

    /// <summary>The key may be free: its timers are looked at again. Too often does no harm.</summary>
    public void Release(string root)
    {
        if (_held.Remove(root, out var ids))
            Requeue(ids);
    }

    // A timer must not overtake records that came before it was due.
    private bool IsHeld(string id)
    {
        if (_parked is not { Count: > 0 } || _parked.Get(KeyRoot.Of(_entries.Get(id)!.Key)) is null)
            return false;
        var root = KeyRoot.Of(_entries.Get(id)!.Key).ToString();
        if (!_held.TryGetValue(root, out var ids))
            _held[root] = ids = [];
        ids.Add(id);
        return true;
    }

    public void AcceptRecord()
    {
        _touchedByTransaction.AddRange(_touchedByRecord);
        _touchedByRecord.Clear();
    }

    /// <summary>After the store's rollback: what it holds again must be in the queue again. Twice does no harm.</summary>
    public void RollbackRecord() => Requeue(_touchedByRecord);

    public void AcceptTransaction() => _touchedByTransaction.Clear();

    /// <summary>As <see cref="RollbackRecord"/>, to the last commit.</summary>
    public void RollbackTransaction()
    {
        Requeue(_touchedByTransaction);
        foreach (var root in _held.Keys.ToList())
            Release(root);
    }

    private void Requeue(List<string> touched)
    {
        foreach (var id in touched)
        {
            if (_entries.Get(id) is { } entry)
                Enqueue(id, entry);
        }

        touched.Clear();
    }

    private PriorityQueue<string, (DateTimeOffset Due, string Id)> QueueOf(TimerClock clock) =>
        clock == TimerClock.StreamTime ? _streamTime : _processingTime;

    private void Enqueue(string id, TimerEntry entry) =>
        QueueOf(entry.EventTime ? TimerClock.StreamTime : TimerClock.ProcessingTime).Enqueue(id, (entry.DueAt, id));

    private static string IdOf(string name, string key) => name + '|' + key;

    // The changelog keeps milliseconds. Up, so that a restored timer is not earlier than asked for.
    private static DateTimeOffset RoundUpToMillisecond(DateTimeOffset time)
    {
        var utc = time.UtcTicks;
        var rest = utc % TimeSpan.TicksPerMillisecond;
        return new DateTimeOffset(rest == 0 ? utc : utc - rest + TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }
}
