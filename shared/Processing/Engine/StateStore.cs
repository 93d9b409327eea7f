using Avro.Specific;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>
/// One partition of a store. The map always holds the newest value; two undo logs lead back from it, one to the start of the
/// record at hand and one to the last commit.
/// </summary>
internal abstract class StateStore(string name, Topic changelog)
{
    public string Name { get; } = name;

    public Topic Changelog { get; } = changelog;

    /// <summary>Changelog offset after the last record that the committed state holds.</summary>
    public long ChangelogPosition { get; set; }

    public abstract int Count { get; }

    /// <summary>Puts a value that a lane has worked out; null deletes.</summary>
    public abstract void Set(string key, object? value);

    /// <summary>The record at hand succeeded: its changes belong to the transaction.</summary>
    public abstract void AcceptRecord();

    /// <summary>The record at hand failed: back to before it.</summary>
    public abstract void RollbackRecord();

    /// <summary>Serialises what the record at hand put, only to learn whether it can be written.</summary>
    public abstract void ProbeRecord(int valueBytesMax);

    /// <summary>The newest value of each key that the transaction changed.</summary>
    /// <exception cref="PoisonException">A value cannot be written.</exception>
    public abstract void CollectChanges(int partition, int valueBytesMax, List<ChangelogWrite> writes);

    public abstract void AcceptTransaction();

    public abstract void RollbackTransaction();

    /// <summary>Applies a changelog record; null deletes.</summary>
    public abstract void Restore(string key, byte[]? value);

    /// <summary>Keys and values now; committed ones only when called between transactions.</summary>
    public abstract IEnumerable<KeyValuePair<string, object>> Entries();

    public abstract object? Find(string key);
}

internal sealed class StateStore<T>(Store<T> store, IValueSerde<T> serde) : StateStore(store.Name, store.Changelog)
    where T : class, ISpecificRecord
{
    private readonly Dictionary<string, T> _values = new(StringComparer.Ordinal);
    private readonly List<(string Key, T? Before)> _recordUndo = [];
    private readonly Dictionary<string, T?> _transactionUndo = new(StringComparer.Ordinal);
    private volatile SortedSet<string>? _order;

    public override int Count => _values.Count;

    public T? Get(string key) => _values.GetValueOrDefault(key);

    public T? Get(ReadOnlySpan<char> key) =>
        _values.Count > 0 && _values.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var value) ? value : null;

    public void Put(string key, T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _recordUndo.Add((key, Get(key)));
        Replace(key, value);
    }

    public override void Set(string key, object? value)
    {
        if (value is null)
            Delete(key);
        else
            Put(key, (T)value);
    }

    public bool Delete(string key)
    {
        if (!_values.TryGetValue(key, out var before))
            return false;
        _recordUndo.Add((key, before));
        Replace(key, null);
        return true;
    }

    public IReadOnlyList<KeyValuePair<string, T>> Range(string prefix)
    {
        // Lanes read side by side; the first one that asks for an order makes it.
        if (_order is null)
        {
            lock (_values)
                _order ??= new SortedSet<string>(_values.Keys, StringComparer.Ordinal);
        }

        // U+FFFF is no character, so no key of the prefix sorts after it.
        return [.. _order.GetViewBetween(prefix, prefix + '\uffff').Select(key => KeyValuePair.Create(key, _values[key]))];
    }

    public override void AcceptRecord()
    {
        foreach (var (key, before) in _recordUndo)
            _transactionUndo.TryAdd(key, before);
        _recordUndo.Clear();
    }

    public override void RollbackRecord()
    {
        for (var index = _recordUndo.Count - 1; index >= 0; index--)
            Replace(_recordUndo[index].Key, _recordUndo[index].Before);
        _recordUndo.Clear();
    }

    public override void ProbeRecord(int valueBytesMax)
    {
        foreach (var (key, _) in _recordUndo)
            Serialize(key, valueBytesMax);
    }

    public override void CollectChanges(int partition, int valueBytesMax, List<ChangelogWrite> writes)
    {
        foreach (var (key, before) in _transactionUndo)
        {
            // Put and deleted again, or put back as it was: the changelog already says so.
            if (!ReferenceEquals(before, Get(key)))
                writes.Add(new ChangelogWrite(this, partition, key, Keys.ToBytes(key), Serialize(key, valueBytesMax), IsNew: before is null));
        }
    }

    public override void AcceptTransaction() => _transactionUndo.Clear();

    public override void RollbackTransaction()
    {
        foreach (var (key, before) in _transactionUndo)
            Replace(key, before);
        _transactionUndo.Clear();
    }

    public override void Restore(string key, byte[]? value) => Replace(key, value is null ? null : serde.Read(value));

    public override IEnumerable<KeyValuePair<string, object>> Entries() =>
        _values.Select(entry => KeyValuePair.Create(entry.Key, (object)entry.Value));

    public override object? Find(string key) => Get(key);

    private byte[]? Serialize(string key, int valueBytesMax)
    {
        if (Get(key) is not { } value)
            return null;
        var bytes = Writing.Write(serde, value);
        return bytes.Length <= valueBytesMax ? bytes : throw new PoisonException(DeadLetterReasons.TooLarge, cause: null);
    }

    private void Replace(string key, T? value)
    {
        if (value is null)
        {
            _values.Remove(key);
            _order?.Remove(key);
        }
        else
        {
            _values[key] = value;
            _order?.Add(key);
        }
    }
}
