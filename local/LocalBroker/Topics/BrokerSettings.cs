using System.Globalization;

namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>The broker's own options under the names that Kafka gives them. They are set at start and read-only.</summary>
internal static class BrokerSettings
{
    public static IEnumerable<Setting> Of(LocalBrokerOptions options)
    {
        yield return Number("num.partitions", options.DefaultPartitions, "Partitions of a topic that is created without a number.");
        var creates = options.AutoCreateTopics ? "true" : "false";
        yield return Word("auto.create.topics.enable", creates, ConfigType.Boolean, "Whether topics are created on first use.");
        yield return Number("default.replication.factor", 1, "There is one replica.");
        yield return Number("min.insync.replicas", 1, "There is one replica.");
        yield return Number("log.segment.bytes", options.SegmentBytes, "Bytes at which a segment is closed.");
        yield return Number("log.retention.ms", options.Retention is { } age ? (long)age.TotalMilliseconds : -1, "Age at which records are deleted.");
        yield return Number("socket.request.max.bytes", options.MaxRequestBytes, "Largest request.");
        yield return Number("max.connections", options.MaxConnections, "Connections served at once.");
        yield return Number("transaction.max.timeout.ms", (long)options.MaxTransactionTimeout.TotalMilliseconds, "Longest transaction.");
        yield return Number("group.min.session.timeout.ms", (long)options.GroupMinSessionTimeout.TotalMilliseconds, "Shortest session.");
        yield return Number("group.initial.rebalance.delay.ms", (long)options.GroupInitialRebalanceDelay.TotalMilliseconds, "Wait for more members.");
    }

    private static Setting Number(string name, long value, string documentation) =>
        Word(name, value.ToString(CultureInfo.InvariantCulture), ConfigType.Long, documentation);

    private static Setting Word(string name, string value, ConfigType type, string documentation) =>
        new(name, value, ConfigSource.Broker, type, documentation, ReadOnly: true);
}
