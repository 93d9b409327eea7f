using Commerce.Streaming.Contracts;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>The topics on the broker, compared with what the topology needs.</summary>
internal static class TopicCheck
{
    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Null when all is well, else what is wrong, in one sentence.</summary>
    /// <param name="multiple">By how much there are to be more partitions than the catalogue says.</param>
    /// <exception cref="TopologyException">Partition counts can never fit: waiting would not help.</exception>
    public static string? Fault(Topology topology, IAdminClient admin, int multiple)
    {
        try
        {
            return Fault(topology, multiple, admin.GetMetadata(MetadataTimeout).Topics
                .Where(topic => !topic.Error.IsError)
                .ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count, StringComparer.Ordinal));
        }
        catch (KafkaException unreachable)
        {
            return $"Kafka does not answer ({unreachable.Error.Code})";
        }
    }

    /// <param name="partitions">Number of partitions of each topic that there is.</param>
    internal static string? Fault(Topology topology, int multiple, IReadOnlyDictionary<string, int> partitions)
    {
        if (partitions.ContainsKey(Repartitioning.Journal))
            return Repartitioning.Unfinished;
        if (topology.AllTopics.FirstOrDefault(topic => !partitions.ContainsKey(topic.Name)) is { } missing)
            return $"topic {missing.Name} does not exist";
        var first = topology.Inputs[0].Topic;
        foreach (var name in topology.Inputs.Select(input => input.Topic.Name).Concat(topology.Stores.Select(store => store.Changelog.Name)))
        {
            if (partitions[name] != partitions[first.Name])
                throw new TopologyException($"topology {topology.Name}: {name} has {partitions[name]} partitions, {first.Name} has {partitions[first.Name]}: they must be equal");
        }

        // Partitions that were added by hand, even to all of them alike, part keys from their state.
        var stated = first.PartitionsAt(multiple);
        if (partitions[first.Name] != stated)
        {
            throw new TopologyException(
                $"topology {topology.Name}: {first.Name} has {partitions[first.Name]} partitions; schemas/topics.json and Kafka:PartitionsMultiple={multiple} say {stated}: "
                + "keys would be sought where their state is not. docs/DEPLOY.md, Scaling out, says how partitions are changed");
        }

        return null;
    }
}
