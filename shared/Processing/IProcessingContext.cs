using Avro.Specific;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing;

/// <summary>
/// All that a handler may touch. Everything done through it belongs to one Kafka transaction with the offset of the record; when the
/// handler throws, all it did for this record is undone and the record becomes a dead letter.
/// </summary>
public interface IProcessingContext
{
    /// <summary>The wall clock (UTC).</summary>
    DateTimeOffset Now { get; }

    /// <summary>Highest record timestamp seen in this partition since it was assigned, this record included.</summary>
    DateTimeOffset StreamTime { get; }

    /// <summary>Partition whose state is at hand.</summary>
    int Partition { get; }

    /// <summary>The value, or null. It is immutable: change it by <see cref="Put"/> of a new one.</summary>
    T? Get<T>(Store<T> store, string key) where T : class, ISpecificRecord;

    /// <summary>Replaces the value. The store holds on to <paramref name="value"/>, which must not change afterwards.</summary>
    void Put<T>(Store<T> store, string key, T value) where T : class, ISpecificRecord;

    /// <summary>Deletes the key, and nothing when it is absent.</summary>
    void Delete<T>(Store<T> store, string key) where T : class, ISpecificRecord;

    /// <summary>
    /// Keys that start with <paramref name="prefix"/>, in ordinal order, as of this call. The first use sorts the partition's keys once;
    /// later uses cost as much as what they return.
    /// </summary>
    IReadOnlyList<KeyValuePair<string, T>> Range<T>(Store<T> store, string prefix) where T : class, ISpecificRecord;

    /// <summary>Sends a record with the timestamp of the one at hand (timers: the time they were due).</summary>
    /// <exception cref="TopologyException">The topic is not among the topology's outputs.</exception>
    void Send<T>(Topic<T> topic, string key, T value) where T : class, ISpecificRecord;

    /// <summary>Sends a null value, which deletes the key from a compacted topic.</summary>
    void SendDeletion<T>(Topic<T> topic, string key) where T : class, ISpecificRecord;

    /// <summary>Sets or moves the timer of this key. It survives restarts; a time in the past is due at once.</summary>
    void Schedule(TopologyTimer timer, string key, DateTimeOffset dueAt);

    /// <summary>Takes the timer back, and does nothing when it is not set.</summary>
    void Cancel(TopologyTimer timer, string key);
}
