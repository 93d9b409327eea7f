using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>
/// A fenced producer may mean that the broker has given up on us, or that another member has our name: the group knows who holds our
/// static membership.
/// </summary>
internal static class NameCheck
{
    /// <param name="memberId">Our own member id when we were last in the group; null when we never were.</param>
    public static bool Taken(Topology topology, ProcessingOptions options, KafkaConnection connection, string? memberId)
    {
        if (options.InstanceId.Length == 0 || string.IsNullOrEmpty(memberId))
            return false;
        using var admin = new AdminClientBuilder(connection.Producer()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var name = KafkaInputSource.GroupInstanceIdOf(topology, options);
        // Not known: go on. If the name is taken, the group will tell one of the two.
        return GroupMembers.Ask(admin, topology.GroupId) is { } group && group.Members.Any(member => member.IsNamed(name) && member.Id != memberId);
    }
}
