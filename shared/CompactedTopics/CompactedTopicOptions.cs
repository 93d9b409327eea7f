using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.CompactedTopics;

/// <summary>How old a view of a compacted topic may be.</summary>
public sealed class CompactedTopicOptions
{
    public const string Section = "CompactedTopics";

    /// <summary>Seconds that the view may lag behind the topic, or that Kafka may leave unsaid where the topic ends, before the service turns not ready.</summary>
    [Range(1, 3600)]
    public double StaleSecondsMax { get; init; } = 30;

    /// <summary>
    /// Seconds without any progress, while Kafka answers and says that there is more, after which the process counts as stuck and is better
    /// started anew: a client that no longer fetches recovers by nothing else.
    /// </summary>
    [Range(1, 3600)]
    public double StuckSecondsMax { get; init; } = 120;
}
