using Commerce.Streaming.Warehouse.Domain;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>A record on its way into the database.</summary>
/// <param name="Raw">As it came from Kafka.</param>
/// <param name="Statement">What it says; null when it concerns no table, or cannot be loaded.</param>
/// <param name="Failure">Why it cannot be loaded; null when it can.</param>
internal sealed record SinkRecord(ConsumeResult<byte[]?, byte[]?> Raw, Statement? Statement, LoadFailure? Failure)
{
    /// <summary>Its dead letter is in Kafka already.</summary>
    public bool DeadLetterSent { get; set; }
}

/// <summary>Why a record can never be loaded.</summary>
/// <param name="Reason">deserialization, contract or constraint.</param>
/// <param name="Error">Exception type, rule or violated constraint, without values.</param>
internal sealed record LoadFailure(string Reason, string Error)
{
    public const string Deserialization = "deserialization";
    public const string Contract = "contract";
    public const string Constraint = "constraint";
}
