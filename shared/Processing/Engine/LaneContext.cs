using Avro.Specific;
using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>
/// The context of the records of one lane. State is read from the task, which nobody changes while lanes run, under the lane's own changes;
/// what a record does is noted and done later, in order.
/// </summary>
internal sealed class LaneContext(Outputs outputs, TimeProvider clock, int recordBytesMax) : IRecordContext
{
    private readonly Dictionary<(int Partition, string Store, string Key), object?> _changed = [];
    private readonly Dictionary<(int Partition, string Id), ParkedKey?> _lines = [];
    private PartitionTask? _task;
    private PreparedRecord? _record;
    private string _key = "";
    private DateTimeOffset _timestamp;

    public DateTimeOffset Now => clock.GetUtcNow();

    public DateTimeOffset StreamTime => Task.StreamTime > _timestamp ? Task.StreamTime : _timestamp;

    public int Partition => Task.Partition;

    private PartitionTask Task => _task ?? throw new TopologyException("the context was used after its handler had returned");

    /// <summary>A new batch: the changes of the former one are done.</summary>
    public void Reset()
    {
        _changed.Clear();
        _lines.Clear();
    }

    public void Begin(PartitionTask task, PreparedRecord record, string key, DateTimeOffset timestamp) =>
        (_task, _record, _key, _timestamp) = (task, record, key, timestamp);

    /// <summary>The record is done with: later records of the lane see what it changed.</summary>
    public void Accept()
    {
        foreach (var write in _record!.Writes)
            _changed[(Partition, write.Store, write.Key)] = write.Value;
        _task = null;
    }

    public void Undo() => _record!.Undo();

    /// <summary>Nothing: a commit that fails while a batch is gathered asks for it, and the batch after that is worked out one by one.</summary>
    public void ProbeState()
    {
    }

    public int LineCount => Task.Lines!.Count;

    public ParkedKey? LineOf(ReadOnlySpan<char> id)
    {
        // Nearly always nothing is parked, and then this must cost nothing.
        if (_lines.Count > 0 && _lines.TryGetValue((Partition, id.ToString()), out var line))
            return line;
        return Task.Lines!.Get(id);
    }

    public void SetLine(string id, ParkedKey? line)
    {
        _lines[(Partition, id)] = line;
        _record!.Writes.Add(new PreparedWrite(LineDefinition.StoreName, id, line));
    }

    public T? Get<T>(Store<T> store, string key) where T : class, ISpecificRecord
    {
        KeyRoot.ThrowIfForeign(key, _key);
        var state = Of(store);
        for (var index = _record!.Writes.Count - 1; index >= 0; index--)
        {
            if (_record.Writes[index] is var write && write.Key == key && write.Store == store.Name)
                return (T?)write.Value;
        }

        return _changed.TryGetValue((Partition, store.Name, key), out var changed) ? (T?)changed : state.Get(key);
    }

    public void Put<T>(Store<T> store, string key, T value) where T : class, ISpecificRecord
    {
        ArgumentNullException.ThrowIfNull(value);
        KeyRoot.ThrowIfForeign(key, _key);
        Of(store);
        _record!.Writes.Add(new PreparedWrite(store.Name, key, value));
    }

    public void Delete<T>(Store<T> store, string key) where T : class, ISpecificRecord
    {
        KeyRoot.ThrowIfForeign(key, _key);
        Of(store);
        _record!.Writes.Add(new PreparedWrite(store.Name, key, Value: null));
    }

    public IReadOnlyList<KeyValuePair<string, T>> Range<T>(Store<T> store, string prefix) where T : class, ISpecificRecord
    {
        KeyRoot.ThrowIfForeign(prefix, _key);
        var merged = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in Of(store).Range(prefix))
            merged[key] = value;
        foreach (var ((partition, name, key), value) in _changed)
        {
            if (partition == Partition && name == store.Name)
                Overlay(key, value);
        }

        foreach (var write in _record!.Writes.Where(write => write.Store == store.Name))
            Overlay(write.Key, write.Value);
        return [.. merged];

        void Overlay(string key, object? value)
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
                return;
            if (value is null)
                merged.Remove(key);
            else
                merged[key] = (T)value;
        }
    }

    public void Send<T>(Topic<T> topic, string key, T value) where T : class, ISpecificRecord =>
        Stage(topic, key, outputs.Write(topic, value, recordBytesMax));

    public void SendDeletion<T>(Topic<T> topic, string key) where T : class, ISpecificRecord
    {
        outputs.SerdeOf(topic);
        Stage(topic, key, value: null);
    }

    public void Schedule(TopologyTimer timer, string key, DateTimeOffset dueAt)
    {
        outputs.ThrowIfUnknown(timer);
        _record!.Timers.Add(new PreparedTimer(timer, key, dueAt));
    }

    public void Cancel(TopologyTimer timer, string key)
    {
        outputs.ThrowIfUnknown(timer);
        _record!.Timers.Add(new PreparedTimer(timer, key, DueAt: null));
    }

    private void Stage(Topic topic, string key, byte[]? value) =>
        _record!.Outputs.Add(new OutputRecord(topic.Name, Partition: null, Keys.ToBytes(key), value, _timestamp, _record.Trace.Outgoing));

    private StateStore<T> Of<T>(Store<T> store) where T : class, ISpecificRecord =>
        Task.Store(store.Name) as StateStore<T>
        ?? throw new TopologyException($"the store '{store.Name}' holds other values than {typeof(T).Name}");
}
