using Commerce.Streaming.Processing.Engine;

namespace Commerce.Streaming.Processing.Runtime;

/// <summary>A record and how often it has been processed.</summary>
internal readonly record struct Attempt(InputRecord Record, int Number);

/// <summary>
/// The records of the open transaction, kept until it is committed: after an abort they are processed again from memory, so that no
/// consumer has to be sought back.
/// </summary>
internal sealed class TransactionRecords
{
    private readonly List<Attempt> _open = [];
    private readonly Queue<Attempt> _again = new();

    public int Count => _open.Count;

    public long Bytes { get; private set; }

    public bool HasAgain => _again.Count > 0;

    public int AgainCount => _again.Count;

    public void Add(Attempt attempt)
    {
        _open.Add(attempt);
        Bytes += BytesOf(attempt.Record);
    }

    public void Committed()
    {
        _open.Clear();
        Bytes = 0;
    }

    /// <summary>The open records come again, before any other.</summary>
    public void Aborted()
    {
        var rest = _again.ToArray();
        _again.Clear();
        foreach (var attempt in _open)
            _again.Enqueue(attempt with { Number = attempt.Number + 1 });
        foreach (var attempt in rest)
            _again.Enqueue(attempt);
        Committed();
    }

    /// <summary>A record that was consumed but has to wait for its turn.</summary>
    public void Postpone(InputRecord record) => _again.Enqueue(new Attempt(record, 1));

    /// <summary>Records that were taken and not processed: they come before all others.</summary>
    public void PutBack(IReadOnlyList<Attempt> taken)
    {
        var rest = _again.ToArray();
        _again.Clear();
        foreach (var attempt in taken.Concat(rest))
            _again.Enqueue(attempt);
    }

    public bool TryTakeAgain(out Attempt attempt) => _again.TryDequeue(out attempt);

    /// <summary>Forgets what waits of partitions that are no longer ours.</summary>
    public void Drop(Func<int, bool> isGone)
    {
        var kept = _again.Where(attempt => !isGone(attempt.Record.Partition.Value)).ToArray();
        _again.Clear();
        foreach (var attempt in kept)
            _again.Enqueue(attempt);
    }

    private static long BytesOf(InputRecord record) => (record.Message.Key?.Length ?? 0) + (record.Message.Value?.Length ?? 0);
}
