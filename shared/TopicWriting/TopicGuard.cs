using Commerce.Streaming.Contracts;
using Confluent.Kafka;

namespace Commerce.Streaming.TopicWriting;

/// <summary>
/// Keeps a process from topics that are not there yet, or whose partitions are being raised. Both end before it begins, so it is asked at the
/// start. It asks for all topics: many a broker makes a topic that is asked for, with as many partitions as it likes.
/// </summary>
public static class TopicGuard
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Null when topics may be used, else why not.</summary>
    /// <param name="needed">Those that must be there.</param>
    /// <exception cref="KafkaException">Kafka does not answer.</exception>
    public static string? Fault(IAdminClient admin, IEnumerable<Topic> needed)
    {
        ArgumentNullException.ThrowIfNull(admin);
        var found = admin.GetMetadata(Patience).Topics.Select(topic => topic.Topic).ToHashSet(StringComparer.Ordinal);
        if (found.Contains(Repartitioning.Journal))
            return Repartitioning.Unfinished;
        return needed.FirstOrDefault(topic => !found.Contains(topic.Name)) is { } missing ? $"topic {missing.Name} does not exist; provisioning creates it" : null;
    }
}
