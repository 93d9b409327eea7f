using System.Globalization;

namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>
/// The settings of a topic in force: what was set on the topic itself, over the broker's defaults, over Kafka's.
/// </summary>
internal sealed class TopicConfig
{
    private readonly IReadOnlyDictionary<string, string> _brokerDefaults;

    public TopicConfig(IReadOnlyDictionary<string, string> overrides, IReadOnlyDictionary<string, string> brokerDefaults)
    {
        Overrides = overrides;
        _brokerDefaults = brokerDefaults;
        var policy = Value(TopicConfigKeys.CleanupPolicy).Split(',', StringSplitOptions.TrimEntries);
        Deletes = policy.Contains("delete", StringComparer.Ordinal);
        Compacts = policy.Contains("compact", StringComparer.Ordinal);
        RetentionMs = Long(TopicConfigKeys.RetentionMs);
        RetentionBytes = Long(TopicConfigKeys.RetentionBytes);
        SegmentBytes = Long(TopicConfigKeys.SegmentBytes);
        SegmentMs = Long(TopicConfigKeys.SegmentMs);
        MaxMessageBytes = (int)Long(TopicConfigKeys.MaxMessageBytes);
        MinCleanableDirtyRatio = double.Parse(Value(TopicConfigKeys.MinCleanableDirtyRatio), CultureInfo.InvariantCulture);
        MinCompactionLagMs = Long(TopicConfigKeys.MinCompactionLagMs);
        MaxCompactionLagMs = Long(TopicConfigKeys.MaxCompactionLagMs);
        DeleteRetentionMs = Long(TopicConfigKeys.DeleteRetentionMs);
        UsesLogAppendTime = Value(TopicConfigKeys.MessageTimestampType) == "LogAppendTime";
        TimestampBeforeMaxMs = Long(TopicConfigKeys.TimestampBeforeMaxMs);
        TimestampAfterMaxMs = Long(TopicConfigKeys.TimestampAfterMaxMs);
        IndexIntervalBytes = (int)Long(TopicConfigKeys.IndexIntervalBytes);
    }

    /// <summary>What was set on the topic itself.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; }

    public bool Deletes { get; }

    public bool Compacts { get; }

    public long RetentionMs { get; }

    public long RetentionBytes { get; }

    public long SegmentBytes { get; }

    public long SegmentMs { get; }

    public int MaxMessageBytes { get; }

    public double MinCleanableDirtyRatio { get; }

    public long MinCompactionLagMs { get; }

    public long MaxCompactionLagMs { get; }

    public long DeleteRetentionMs { get; }

    public bool UsesLogAppendTime { get; }

    public long TimestampBeforeMaxMs { get; }

    public long TimestampAfterMaxMs { get; }

    public int IndexIntervalBytes { get; }

    public string Value(string name) =>
        Overrides.GetValueOrDefault(name) ?? _brokerDefaults.GetValueOrDefault(name) ?? TopicConfigKeys.All[name].Default;

    public ConfigSource SourceOf(string name) =>
        Overrides.ContainsKey(name) ? ConfigSource.Topic : _brokerDefaults.ContainsKey(name) ? ConfigSource.Broker : ConfigSource.Default;

    public TopicConfig With(IReadOnlyDictionary<string, string> overrides) => new(overrides, _brokerDefaults);

    /// <summary>Settings as asked for, once nothing speaks against them; of a name that comes twice the last counts.</summary>
    public static Dictionary<string, string> Accept(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var accepted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in settings)
            accepted[name] = value ?? "";
        return accepted;
    }

    /// <summary>The first reason against these settings, or null when all are fine.</summary>
    public static string? Reject(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        foreach (var (name, value) in settings)
        {
            if (!TopicConfigKeys.All.TryGetValue(name, out var key))
                return $"Unknown topic config name: {name}";
            if (key.Reject(value) is { } reason)
                return reason;
        }

        return null;
    }

    private long Long(string name) => long.Parse(Value(name), CultureInfo.InvariantCulture);
}
