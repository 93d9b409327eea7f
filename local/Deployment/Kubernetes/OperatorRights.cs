using Commerce.Collection;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.DeadLetters;

namespace Commerce.Streaming.Deployment.Kubernetes;

/// <param name="Resource">topic or group.</param>
/// <param name="Name">Its full name.</param>
/// <param name="Operations">As Strimzi and Kafka name them.</param>
internal sealed record Right(string Resource, string Name, params IReadOnlyList<string> Operations);

/// <summary>What whoever sees to dead letters must be allowed in Kafka: `dlq` and `unseal`, and nothing else.</summary>
internal static class OperatorRights
{
    public static IEnumerable<Right> Of(IReadOnlyCollection<Topic> catalogue)
    {
        foreach (var topics in LetterTopics.Of(catalogue))
        {
            yield return new Right("topic", topics.Letters.Name, "Read", "Describe");
            if (topics.Parked is { } parked)
                yield return new Right("topic", parked.Name, "Read", "Describe");
            if (topics.Retries is { } retries)
            {
                yield return new Right("topic", retries.Name, "Write", "Describe");
                // How far the pipeline is, not to take part.
                yield return new Right("group", topics.GroupId, "Describe");
            }
        }

        yield return new Right("group", LetterConnection.ReaderGroup, "Describe");
        foreach (var quarantine in catalogue.OfType<Topic<QuarantinedEvent>>())
            yield return new Right("topic", quarantine.Name, "Read", "Describe");
    }
}
