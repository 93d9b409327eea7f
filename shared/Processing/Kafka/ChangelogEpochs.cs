using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>
/// Tells one changelog from another of the same name: offsets of a cluster that was reset, or of a topic that was made anew, mean
/// nothing to a view that was written from the former one. Cluster id and topic id; what a broker does not tell is left out.
/// </summary>
internal sealed class ChangelogEpochs(Handle handle)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    public async Task<string> OfAsync(string topic)
    {
        if (_known.TryGetValue(topic, out var known))
            return known;
        using var admin = new DependentAdminClientBuilder(handle).Build();
        var epoch = await ClusterIdAsync(admin) + "/" + await TopicIdAsync(admin, topic);
        return _known[topic] = epoch;
    }

    // A broker that is away is another matter: an epoch without its ids would be taken for another changelog's.
    private static bool IsUnsupported(KafkaException failure) =>
        failure.Error.Code is ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion or ErrorCode.Local_InvalidArg;

    private static async Task<string> ClusterIdAsync(IAdminClient admin)
    {
        try
        {
            return (await admin.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = Timeout })).ClusterId ?? "";
        }
        catch (KafkaException failure) when (IsUnsupported(failure))
        {
            return "";
        }
    }

    private static async Task<string> TopicIdAsync(IAdminClient admin, string topic)
    {
        try
        {
            var result = await admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = Timeout });
            return result.TopicDescriptions[0].TopicId?.ToString() ?? "";
        }
        catch (KafkaException failure) when (IsUnsupported(failure))
        {
            return "";
        }
    }
}
