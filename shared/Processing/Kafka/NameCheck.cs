using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>
/// A fenced producer may mean that the broker has given up on us, or that another process of our name has started. Only the latter is a
/// reason to end, for else the two would fence each other for ever: the group knows who holds our static membership.
/// </summary>
internal static class NameCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <param name="memberId">Our own member id when we were last in the group; null when we never were.</param>
    public static bool Taken(Topology topology, ProcessingOptions options, KafkaConnection connection, string? memberId)
    {
        if (options.InstanceId.Length == 0 || string.IsNullOrEmpty(memberId))
            return false;
        try
        {
            using var admin = new AdminClientBuilder(connection.Producer()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
            // On the topology's own thread, which has nothing else to do.
            var groups = admin.DescribeConsumerGroupsAsync([topology.GroupId], new DescribeConsumerGroupsOptions { RequestTimeout = Timeout })
                .GetAwaiter().GetResult();
            var name = KafkaInputSource.GroupInstanceIdOf(topology, options);
            return groups.ConsumerGroupDescriptions.SelectMany(group => group.Members)
                .Any(member => member.GroupInstanceId == name && member.ConsumerId != memberId);
        }
        catch (KafkaException)
        {
            // Not known: go on. If the name is taken, the group will tell one of the two.
            return false;
        }
    }
}
