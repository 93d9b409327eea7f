using Commerce.Streaming.Contracts;
using Confluent.Kafka;

namespace Commerce.Streaming.TopicWriting;

/// <summary>Keeps a process from its topics while their partitions are being raised. That begins when everything has stopped, so it is asked at the start.</summary>
public static class RepartitionGuard
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Null when topics may be used, else why not. Asks for all topics: a question for one could make it.</summary>
    /// <exception cref="KafkaException">Kafka does not answer.</exception>
    public static string? Fault(IAdminClient admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        return admin.GetMetadata(Patience).Topics.Any(topic => topic.Topic == Repartitioning.Journal) ? Repartitioning.Unfinished : null;
    }
}
