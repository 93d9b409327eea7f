using System.Globalization;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Provisioning;

/// <summary>
/// What the settings of a topic become, given what they are. The catalogue decides, except that an operator may keep records for longer than
/// it says, and that what is acknowledged must be on two brokers where there are enough.
/// </summary>
internal static class TopicSettings
{
    public const string Retention = "retention.ms";
    public const string MinInSync = "min.insync.replicas";

    /// <summary>Replicas from which two can be demanded of each write without standing still when one broker is away.</summary>
    public const int ReplicasSafe = 3;

    private const int MinInSyncSafe = 2;

    /// <summary>
    /// The segment that is written to is never compacted. With Kafka's defaults (1 GB, 7 days) a changelog would be all open segment, and a
    /// restart would read every change of a week instead of the last of each key.
    /// </summary>
    private const int CompactedSegmentBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan CompactedSegmentAge = TimeSpan.FromHours(6);

    /// <summary>The settings that the catalogue decides; everything else stays as the broker or the operator has it.</summary>
    public static Dictionary<string, string> Of(Topic topic)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["cleanup.policy"] = topic.CleanupPolicy };
        if (topic.Retention is { } retention)
            settings[Retention] = Text((long)retention.TotalMilliseconds);
        if (topic.CleanupPolicy.Contains("compact", StringComparison.Ordinal))
        {
            settings["segment.bytes"] = Text(CompactedSegmentBytes);
            settings["segment.ms"] = Text((long)CompactedSegmentAge.TotalMilliseconds);
        }

        return settings;
    }

    /// <summary>What has to be set.</summary>
    /// <param name="effective">Every setting in force, the broker's defaults as well.</param>
    public static Dictionary<string, string> Missing(Topic topic, int replicas, IReadOnlyDictionary<string, string> effective)
    {
        var missing = Of(topic)
            .Where(wanted => effective.GetValueOrDefault(wanted.Key) != wanted.Value && !(wanted.Key == Retention && KeepsLonger(topic, effective)))
            .ToDictionary(StringComparer.Ordinal);
        // Kafka's default is 1: then acks=all is content with the leader alone when the others have fallen behind.
        if (replicas >= ReplicasSafe && (NumberOf(effective, MinInSync) ?? 1) < MinInSyncSafe)
            missing[MinInSync] = Text(MinInSyncSafe);
        return missing;
    }

    /// <summary>Whether records stay for longer than the catalogue says, by somebody's choice.</summary>
    public static bool KeepsLonger(Topic topic, IReadOnlyDictionary<string, string> effective) =>
        topic.Retention is { } retention && NumberOf(effective, Retention) is { } milliseconds && (milliseconds < 0 || milliseconds > retention.TotalMilliseconds);

    public static long? NumberOf(IReadOnlyDictionary<string, string> effective, string name) =>
        long.TryParse(effective.GetValueOrDefault(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
