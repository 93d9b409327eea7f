using Avro.Specific;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>The context of the record at hand. Outputs are held back until the record has succeeded.</summary>
internal sealed class ProcessingContext(Outputs outputs, TimeProvider clock, int recordBytesMax) : IRecordContext
{
    private readonly List<OutputRecord> _staged = [];
    private PartitionTask? _task;
    private DateTimeOffset _timestamp;
    private Headers? _headers;
    private string? _ownKey;

    public DateTimeOffset Now => clock.GetUtcNow();

    public DateTimeOffset StreamTime => Task.StreamTime;

    public int Partition => Task.Partition;

    private PartitionTask Task => _task ?? throw new TopologyException("the context was used after its handler had returned");

    /// <param name="ownKey">Only state of this key's root may be used; null: any.</param>
    public void Begin(PartitionTask task, DateTimeOffset timestamp, Headers? headers, string? ownKey = null)
    {
        _staged.Clear();
        _ownKey = ownKey;
        _task = task;
        _timestamp = timestamp;
        _headers = headers;
    }

    /// <summary>The record is done with: its outputs join the transaction.</summary>
    public void Accept(IOutputSink sink)
    {
        Task.AcceptRecord();
        foreach (ref readonly var record in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_staged))
            sink.Send(record);
        End();
    }

    /// <summary>The record failed: nothing of it remains.</summary>
    public void Rollback()
    {
        Undo();
        End();
    }

    public void Undo()
    {
        Task.RollbackRecord();
        _staged.Clear();
    }

    public int LineCount => Task.Lines!.Count;

    public ParkedKey? LineOf(ReadOnlySpan<char> id) => Task.Lines!.Get(id);

    public void SetLine(string id, ParkedKey? line) => Task.SetLine(id, line);

    public void ProbeState()
    {
        foreach (var store in Task.Stores)
            store.ProbeRecord(recordBytesMax);
    }

    public T? Get<T>(Store<T> store, string key) where T : class, ISpecificRecord => Of(store, key).Get(key);

    public void Put<T>(Store<T> store, string key, T value) where T : class, ISpecificRecord => Of(store, key).Put(key, value);

    public void Delete<T>(Store<T> store, string key) where T : class, ISpecificRecord => Of(store, key).Delete(key);

    public IReadOnlyList<KeyValuePair<string, T>> Range<T>(Store<T> store, string prefix) where T : class, ISpecificRecord =>
        Of(store, prefix).Range(prefix);

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
        Task.Timers!.Schedule(timer, key, dueAt);
    }

    public void Cancel(TopologyTimer timer, string key)
    {
        outputs.ThrowIfUnknown(timer);
        Task.Timers!.Cancel(timer, key);
    }

    private void Stage(Topic topic, string key, byte[]? value) =>
        _staged.Add(new OutputRecord(topic.Name, Partition: null, Keys.ToBytes(key), value, _timestamp, _headers));

    private StateStore<T> Of<T>(Store<T> store, string key) where T : class, ISpecificRecord
    {
        var state = Task.Store(store.Name) as StateStore<T>
            ?? throw new TopologyException($"the store '{store.Name}' holds other values than {typeof(T).Name}");
        if (_ownKey is not null)
            KeyRoot.ThrowIfForeign(key, _ownKey);
        return state;
    }

    private void End()
    {
        _staged.Clear();
        _task = null;
        _headers = null;
    }
}
