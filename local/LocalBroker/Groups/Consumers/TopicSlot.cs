namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>A partition by its topic's id, as consumer groups name it: a topic made anew is another.</summary>
internal readonly record struct TopicSlot(Guid Topic, int Partition);
