namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>Every topic setting that this broker knows, with Kafka's names and, but for the segment size, Kafka's defaults.</summary>
internal static class TopicConfigKeys
{
    public const string CleanupPolicy = "cleanup.policy";
    public const string RetentionMs = "retention.ms";
    public const string RetentionBytes = "retention.bytes";
    public const string SegmentBytes = "segment.bytes";
    public const string SegmentMs = "segment.ms";
    public const string MaxMessageBytes = "max.message.bytes";
    public const string MinCleanableDirtyRatio = "min.cleanable.dirty.ratio";
    public const string MinCompactionLagMs = "min.compaction.lag.ms";
    public const string MaxCompactionLagMs = "max.compaction.lag.ms";
    public const string DeleteRetentionMs = "delete.retention.ms";
    public const string MessageTimestampType = "message.timestamp.type";
    public const string TimestampBeforeMaxMs = "message.timestamp.before.max.ms";
    public const string TimestampAfterMaxMs = "message.timestamp.after.max.ms";
    public const string IndexIntervalBytes = "index.interval.bytes";

    public static IReadOnlyDictionary<string, TopicConfigKey> All { get; } = new TopicConfigKey[]
    {
        new(CleanupPolicy, ConfigType.List, "delete", true, "What happens to old segments: delete, compact or both.")
        {
            Allowed = ["delete", "compact"],
        },
        new(RetentionMs, ConfigType.Long, "604800000", true, "Age in ms at which segments are deleted; -1 keeps them.") { Minimum = -1 },
        new(RetentionBytes, ConfigType.Long, "-1", true, "Bytes a partition keeps; -1 for no limit.") { Minimum = -1 },
        new(SegmentBytes, ConfigType.Int, "134217728", true, "Bytes at which a segment is closed.") { Minimum = 4096 },
        new(SegmentMs, ConfigType.Long, "604800000", true, "Age in ms at which a segment is closed.") { Minimum = 1 },
        new(MaxMessageBytes, ConfigType.Int, "1048588", true, "Largest record batch in bytes.") { Minimum = 0 },
        new(MinCleanableDirtyRatio, ConfigType.Double, "0.5", true, "Share of new bytes from which compaction runs.")
        {
            Minimum = 0, Maximum = 1,
        },
        new(MinCompactionLagMs, ConfigType.Long, "0", true, "Time in ms that a record stays uncompacted.") { Minimum = 0 },
        new(MaxCompactionLagMs, ConfigType.Long, "9223372036854775807", true, "Time in ms after which compaction must run.") { Minimum = 1 },
        new(DeleteRetentionMs, ConfigType.Long, "86400000", true, "Time in ms that a tombstone stays readable.") { Minimum = 0 },
        new(MessageTimestampType, ConfigType.String, "CreateTime", true, "Whose clock times the records.")
        {
            Allowed = ["CreateTime", "LogAppendTime"],
        },
        new(IndexIntervalBytes, ConfigType.Int, "4096", true, "Bytes between two index entries.") { Minimum = 0 },
        new("compression.type", ConfigType.String, "producer", false, "Batches are stored as received.")
        {
            Allowed = ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"],
        },
        new("min.insync.replicas", ConfigType.Int, "1", false, "There is one replica.") { Minimum = 1 },
        new("flush.messages", ConfigType.Long, "9223372036854775807", false, "The broker's flush policy decides.") { Minimum = 1 },
        new("flush.ms", ConfigType.Long, "9223372036854775807", false, "The broker's flush policy decides.") { Minimum = 0 },
        new(TimestampBeforeMaxMs, ConfigType.Long, "9223372036854775807", true, "Time in ms that a record may be behind the broker.") { Minimum = 0 },
        new(TimestampAfterMaxMs, ConfigType.Long, "3600000", true, "Time in ms that a record may be ahead of the broker.") { Minimum = 0 },
        new("unclean.leader.election.enable", ConfigType.Boolean, "false", false, "There is no election."),
        new("file.delete.delay.ms", ConfigType.Long, "60000", false, "Files go when their last reader is done.") { Minimum = 0 },
        new("preallocate", ConfigType.Boolean, "false", false, "Files grow as needed."),
    }.ToDictionary(key => key.Name, StringComparer.Ordinal);
}
