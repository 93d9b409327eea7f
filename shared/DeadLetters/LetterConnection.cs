using Confluent.Kafka;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.DeadLetters;

/// <summary>How to reach Kafka and the registry.</summary>
/// <param name="Kafka">Properties of librdkafka, such as bootstrap.servers.</param>
public sealed record LetterConnection(IReadOnlyDictionary<string, string> Kafka, ISchemaRegistryClient Registry)
{
    /// <summary>
    /// What readers name as their group. None of them joins it or commits to it; librdkafka asks for its coordinator all the same, and stops
    /// when it may not: an operator must be allowed to describe it.
    /// </summary>
    public const string ReaderGroup = "commerce.operator";

    internal ConsumerConfig Reader() => new(Copy())
    {
        GroupId = ReaderGroup,
        EnableAutoCommit = false,
        IsolationLevel = IsolationLevel.ReadCommitted,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnablePartitionEof = true,
    };

    /// <summary>What a transaction has not committed yet does not count: the former offset is answered at once.</summary>
    internal ConsumerConfig Asker(string group) => new(Copy())
    {
        GroupId = group,
        EnableAutoCommit = false,
        IsolationLevel = IsolationLevel.ReadUncommitted,
    };

    internal ProducerConfig Writer() => new(Copy()) { Acks = Acks.All, EnableIdempotence = true, LingerMs = 1 };

    private Dictionary<string, string> Copy() => new(Kafka, StringComparer.Ordinal);
}

/// <summary>It cannot be done; the message is for the operator.</summary>
public sealed class LettersException(string message, Exception? inner = null) : Exception(message, inner);
