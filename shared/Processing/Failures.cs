namespace Commerce.Streaming.Processing;

/// <summary>The topology is wrong, not the record: it stops instead of turning every record into a dead letter.</summary>
public sealed class TopologyException(string message) : InvalidOperationException(message);

/// <summary>
/// This run cannot go on: its producer is fenced or its state unknown. The clients are built anew and the state is restored from what is
/// committed; only when another process has taken our name does the process end.
/// </summary>
public sealed class TopologyFailedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong, as a code from a small set: a Kafka error code, or the kind of failure.</summary>
    public string Reason { get; init; } = "failed";

    /// <summary>What the transaction that was under way counts as, one of <see cref="Telemetry.AbortCauses"/>.</summary>
    internal string AbortCause { get; init; } = Telemetry.AbortCauses.Broker;

    /// <summary>The producer was fenced.</summary>
    internal bool IsFenced { get; init; }

    /// <summary>Another member of the group holds our static name.</summary>
    internal bool HasLostName { get; init; }

    /// <summary>Building the clients anew would not help: the process ends.</summary>
    internal bool IsFinal { get; init; }

    /// <summary>Our id in the consumer group when the run failed.</summary>
    internal string? MemberId { get; set; }
}

/// <summary>Thrown by a handler to refuse a record with a reason of its own, which becomes the dead letter's reason code.</summary>
/// <param name="reason">A code such as <c>unknown_currency</c>; a metric label, so from a small fixed set, never data.</param>
public sealed class RejectedRecordException(string reason) : Exception(reason)
{
    /// <summary>The reason code.</summary>
    public string Reason { get; } = reason;
}

/// <summary>Reason codes of the dead letters that the runtime itself makes.</summary>
public static class DeadLetterReasons
{
    /// <summary>The value is not Avro in Confluent's wire format, or its schema is unknown or unreadable as ours.</summary>
    public const string Deserialization = "deserialization";

    /// <summary>The key is missing or not UTF-8.</summary>
    public const string MalformedKey = "malformed_key";

    /// <summary>A null value where the topology has no handler for deletions.</summary>
    public const string UnexpectedDeletion = "unexpected_deletion";

    /// <summary>The handler threw.</summary>
    public const string Handler = "handler";

    /// <summary>A timer's handler threw.</summary>
    public const string Timer = "timer";

    /// <summary>What the handler put or sent cannot be written by its schema.</summary>
    public const string Serialization = "serialization";

    /// <summary>What the handler put or sent exceeds the size limit of a record.</summary>
    public const string TooLarge = "too_large";

    /// <summary>Nothing is wrong with it: its key is parked, and it waits behind the record that is.</summary>
    public const string Parked = "parked";

    /// <summary>A retry whose value no key at hand opens.</summary>
    public const string Unsealing = "unsealing";

    /// <summary>A retry of a record from a topic that the topology no longer reads.</summary>
    public const string UnknownInput = "unknown_input";
}
