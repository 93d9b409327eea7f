using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Provisioning;

/// <summary>A topic as it is on the broker.</summary>
/// <param name="Led">Whether each partition has a leader. It is a partition without one, too.</param>
/// <param name="Replicas">Copies of the partition that has the fewest.</param>
internal sealed record FoundTopic(int Partitions, bool Led, int Replicas);

/// <summary>What is as its operator wants it, and should be known nevertheless: a line for each kind, however many topics it is about.</summary>
internal static class TopicNotices
{
    /// <param name="brokers">Of the cluster: with one there is no choice of replicas, and nothing is said about them.</param>
    /// <param name="effective">Settings in force, by topic, after this run.</param>
    public static IReadOnlyList<string> Of(
        IReadOnlyList<Topic> topics, int brokers, IReadOnlyDictionary<string, FoundTopic> found, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> effective)
    {
        var notices = new List<string>();
        var longer = topics.Where(topic => TopicSettings.KeepsLonger(topic, effective[topic.Name])).ToList();
        if (longer.Count > 0)
        {
            notices.Add("kept for longer than the catalogue says, and left so: "
                + string.Join(", ", longer.Select(topic => $"{topic.Name} ({TopicSettings.Retention}={effective[topic.Name][TopicSettings.Retention]})")));
        }

        var closed = topics.Count(topic => MinInSyncOf(topic) > found[topic.Name].Replicas);
        if (closed > 0)
            notices.Add($"{Count(closed)} fewer replicas than {TopicSettings.MinInSync}: Kafka takes no write of ours there");
        if (brokers == 1)
            return notices;
        var single = topics.Count(topic => found[topic.Name].Replicas == 1);
        if (single > 0)
            notices.Add($"{Count(single)} 1 replica: what was acknowledged is lost with a broker's disk, and nothing is taken while the broker is away. 3 replicas have neither");
        var pairs = topics.Where(topic => found[topic.Name].Replicas == 2).ToList();
        if (pairs.Exists(topic => MinInSyncOf(topic) == 1))
            notices.Add($"{Count(pairs.Count)} 2 replicas with {TopicSettings.MinInSync}=1: an acknowledged event can be on one broker alone, and is lost with its disk. 3 replicas are never so few");
        else if (pairs.Count > 0)
            notices.Add($"{Count(pairs.Count)} 2 replicas with {TopicSettings.MinInSync}=2: nothing is taken while a broker is away. With 3 replicas one may be");
        return notices;

        long MinInSyncOf(Topic topic) => TopicSettings.NumberOf(effective[topic.Name], TopicSettings.MinInSync) ?? 1;
    }

    private static string Count(int topics) => topics == 1 ? "1 topic has" : $"{topics} topics have";
}
