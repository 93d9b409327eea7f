using Confluent.Kafka;

namespace Commerce.Streaming.ProcessingSimulation;

internal enum SimOutcome
{
    Open,
    Committed,
    Aborted,
}

/// <summary>
/// A transaction as the brokers see it. Its outcome is decided at once, but each partition learns of it by a marker of its own, later
/// and in any order; so does the group's offset store.
/// </summary>
internal sealed class SimTransaction(string transactionalId)
{
    public string TransactionalId => transactionalId;

    public SimOutcome Outcome { get; private set; } = SimOutcome.Open;

    /// <summary>Partitions whose marker is missing.</summary>
    public HashSet<SimPartition> Unresolved { get; } = [];

    /// <summary>Offsets that the group's store learns of with their marker; null when none or learnt.</summary>
    public Dictionary<(string Topic, int Partition), long>? Offsets { get; set; }

    public bool IsSettled => Outcome != SimOutcome.Open && Unresolved.Count == 0 && Offsets is null;

    public void Decide(SimOutcome outcome) => Outcome = outcome;
}

/// <summary>A record, or a marker (no key, no value).</summary>
internal sealed record SimRecord(byte[]? Key, byte[]? Value, DateTimeOffset Timestamp, SimTransaction? Transaction, bool IsMarker = false)
{
    /// <summary>As a consumer gives it.</summary>
    public InputRecord At(TopicPartition partition, long offset) => new()
    {
        TopicPartitionOffset = new TopicPartitionOffset(partition, offset),
        Message = new Message<byte[]?, byte[]?> { Key = Key, Value = Value, Timestamp = new Timestamp(Timestamp), Headers = [] },
    };
}

internal sealed class SimPartition(string topic, int number)
{
    private int _stable;

    public string Topic => topic;

    public int Number => number;

    public List<SimRecord> Records { get; } = [];

    /// <summary>Up to here every transaction's outcome is known.</summary>
    public int LastStable
    {
        get
        {
            while (_stable < Records.Count && Records[_stable].Transaction?.Unresolved.Contains(this) != true)
                _stable++;
            return _stable;
        }
    }

    /// <summary>Committed, as a reader of committed records sees it.</summary>
    public static bool IsCommitted(SimRecord record) =>
        !record.IsMarker && (record.Transaction is null || record.Transaction.Outcome == SimOutcome.Committed);
}
