namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>Creates topics on first use, where the options allow it.</summary>
internal sealed class TopicCreation(TopicCatalog topics, LocalBrokerOptions options)
{
    private static readonly Dictionary<string, string> NoSettings = [];

    /// <summary>The topic of that name, new if need be; null when it may not be created, cannot have such a name, or the broker is full.</summary>
    public Topic? OnDemand(string name)
    {
        if (topics.Find(name) is { } existing)
            return existing;
        if (!options.AutoCreateTopics || TopicName.Reject(name) is not null)
            return null;
        return topics.Create(name, options.DefaultPartitions, NoSettings).Topic;
    }
}
