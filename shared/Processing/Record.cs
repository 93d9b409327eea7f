using Avro.Specific;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing;

/// <summary>One record as a handler sees it.</summary>
/// <param name="Key">Kafka key, UTF-8.</param>
/// <param name="Value">Decoded value. Treat it as immutable: state may hold it on.</param>
/// <param name="Timestamp">The record's own time: when it was accepted, not when it is processed.</param>
/// <param name="Topic">Source topic.</param>
/// <param name="Partition">Source partition, which is also the partition of the state at hand.</param>
/// <param name="Offset">Source offset.</param>
/// <param name="Headers">Headers of the record; empty when it has none.</param>
public readonly record struct Record<T>(
    string Key, T Value, DateTimeOffset Timestamp, string Topic, int Partition, long Offset, Headers Headers)
    where T : class, ISpecificRecord;

/// <summary>A record without value: its key was deleted from a compacted topic.</summary>
public readonly record struct DeletedRecord(string Key, DateTimeOffset Timestamp, string Topic, int Partition, long Offset);

/// <summary>A timer that is due.</summary>
/// <param name="Key">The key that it was scheduled for.</param>
/// <param name="DueAt">When it was due; it may fire later, never earlier.</param>
public readonly record struct DueTimer(string Key, DateTimeOffset DueAt, int Partition);

/// <summary>
/// What a topology does with a record: read and replace state, send records, set timers. It runs on the topology's one thread, again
/// from the start when its transaction is aborted, and touches nothing but <paramref name="context"/>.
/// </summary>
public delegate void RecordHandler<T>(Record<T> record, IProcessingContext context) where T : class, ISpecificRecord;

/// <summary>What a topology does with a deletion (a null value).</summary>
public delegate void DeletionHandler(DeletedRecord record, IProcessingContext context);

/// <summary>What a topology does when a timer is due. The timer is gone by then; the handler may set it anew.</summary>
public delegate void TimerHandler(DueTimer timer, IProcessingContext context);
