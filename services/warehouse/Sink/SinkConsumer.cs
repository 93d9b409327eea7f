using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>Settings of the sink's consumer.</summary>
internal static class SinkConsumer
{
    private const int DisplayCommitIntervalMs = 1_000;

    /// <summary>Fetched and not yet loaded, at most: bounds memory while the database is slow.</summary>
    private const int PrefetchKilobytesMax = 32_768;

    /// <summary>The database may be away this long before the group gives our partitions to others, who would wait as well.</summary>
    private const int PollIntervalMaxMs = 900_000;

    public static ConsumerConfig Config(KafkaOptions kafka, SinkOptions sink) =>
        new(kafka.ToClientProperties())
        {
            GroupId = sink.GroupId,
            ClientId = sink.GroupId,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = true,
            EnableAutoOffsetStore = false,
            AutoCommitIntervalMs = DisplayCommitIntervalMs,
            EnablePartitionEof = true,
            QueuedMaxMessagesKbytes = PrefetchKilobytesMax,
            SessionTimeoutMs = sink.SessionTimeoutMs,
            MaxPollIntervalMs = PollIntervalMaxMs,
        };
}
