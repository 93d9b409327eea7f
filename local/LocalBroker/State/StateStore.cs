using System.Globalization;
using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.State;

/// <summary>
/// The broker's own durable table: group members, committed offsets, transactions. Every change is one checked record of a
/// journal, so a change of many keys is kept as a whole or not at all. The journal is rewritten when it is mostly history.
/// </summary>
internal sealed class StateStore : IDisposable
{
    /// <summary>A journal below this size is never rewritten.</summary>
    private const long RewriteAtBytes = 4 * 1024 * 1024;

    /// <summary>A journal is rewritten once it is this many times as large as what it says.</summary>
    private const int RewriteAtRatio = 4;

    private const string Extension = ".journal";

    private readonly Lock _sync = new();
    private readonly string _directory;
    private readonly bool _flushEachWrite;
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private StateJournal _journal;
    private long _number;
    private long _liveBytes;

    public StateStore(string directory, FlushPolicy policy)
    {
        _directory = directory;
        _flushEachWrite = policy == FlushPolicy.EachWrite;
        Directory.CreateDirectory(directory);
        var numbers = Directory.EnumerateFiles(directory, "*" + Extension)
            .Select(path => long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture)).Order().ToList();
        _number = numbers.Count > 0 ? numbers[^1] : 0;
        _journal = StateJournal.Open(PathOf(_number), Apply);
        foreach (var older in numbers.SkipLast(1))
            File.Delete(PathOf(older));
    }

    /// <summary>All entries whose key starts with <paramref name="prefix"/>, as they are now.</summary>
    public List<KeyValuePair<string, byte[]>> WithPrefix(string prefix)
    {
        lock (_sync)
            return [.. _values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))];
    }

    public byte[]? Get(string key)
    {
        lock (_sync)
            return _values.GetValueOrDefault(key);
    }

    /// <summary>Makes the changes durable, as one.</summary>
    public void Commit(StateChange change)
    {
        if (change.IsEmpty)
            return;
        lock (_sync)
        {
            _journal.Append(change.ToBytes());
            foreach (var (key, value) in change.Entries)
                Apply(key, value);
            if (_flushEachWrite)
                _journal.Flush();
            if (_journal.Length > Math.Max(RewriteAtBytes, _liveBytes * RewriteAtRatio))
                Rewrite();
        }
    }

    public void Flush()
    {
        lock (_sync)
            _journal.Flush();
    }

    public void Dispose()
    {
        lock (_sync)
            _journal.Dispose();
    }

    private void Apply(string key, byte[]? value)
    {
        if (_values.Remove(key, out var old))
            _liveBytes -= key.Length + old.Length;
        if (value is null)
            return;
        _values[key] = value;
        _liveBytes += key.Length + value.Length;
    }

    // The new journal gets its name only when it is complete; until then the old one counts.
    private void Rewrite()
    {
        var all = new StateChange();
        foreach (var (key, value) in _values)
            all.Put(key, value);
        var next = PathOf(_number + 1);
        using (var journal = StateJournal.Open(next + ".new", (_, _) => { }))
        {
            journal.Append(all.ToBytes());
            journal.Flush();
        }

        File.Move(next + ".new", next, overwrite: true);
        _journal.Dispose();
        File.Delete(PathOf(_number));
        _number++;
        _journal = StateJournal.Open(next, (_, _) => { });
    }

    private string PathOf(long number) =>
        Path.Combine(_directory, number.ToString("D10", CultureInfo.InvariantCulture) + Extension);
}
