using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>A topic and its partitions. Adding partitions or altering settings makes a new instance around the same logs.</summary>
internal sealed record Topic(string Name, Guid Id, TopicConfig Config, IReadOnlyList<PartitionLog> Partitions)
{
    public PartitionLog? Partition(int index) => index >= 0 && index < Partitions.Count ? Partitions[index] : null;
}
