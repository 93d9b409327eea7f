using Avro.Specific;

namespace Commerce.Streaming.Processing.Testing;

/// <summary>A record that a topology produced, decoded from its bytes.</summary>
/// <param name="Value">Null for a deletion.</param>
public sealed record TestRecord<T>(string Key, T? Value, DateTimeOffset Timestamp, int Partition, long Offset) where T : class, ISpecificRecord;
