using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>A record to produce. Without a partition the key decides.</summary>
internal readonly record struct OutputRecord(
    string Topic, int? Partition, byte[] Key, byte[]? Value, DateTimeOffset Timestamp, Headers? Headers);

/// <summary>A changed state value on its way to the changelog.</summary>
/// <param name="IsNew">The committed state did not have the key.</param>
internal readonly record struct ChangelogWrite(StateStore Store, int Partition, string Key, byte[] KeyBytes, byte[]? Value, bool IsNew);

/// <summary>Where the outputs of a record go as soon as the record is done: into the open transaction.</summary>
internal interface IOutputSink
{
    void Send(in OutputRecord record);
}
