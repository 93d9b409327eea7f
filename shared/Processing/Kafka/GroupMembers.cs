using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>A member of a consumer group.</summary>
/// <param name="Id">Of a static member: its name, a hyphen, and what tells one process of that name from the next.</param>
internal sealed record GroupMember(string Id, IReadOnlyList<TopicPartition> Assigned)
{
    /// <summary>Whether it is the static member of that name.</summary>
    public bool IsNamed(string instanceId) => Id.StartsWith(instanceId + "-", StringComparison.Ordinal);
}

/// <summary>
/// Asks who is in a consumer group, by the older of the client's two ways. The newer, DescribeConsumerGroups, ends the process with a
/// failed assertion in librdkafka 2.16 (rd_kafka_admin_coord_response_parse, "eonce->refcnt > 0") when a coordinator dies or hangs with the
/// question on its way, which is just when it is asked.
/// </summary>
internal static class GroupMembers
{
    private const string Stable = "Stable";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    /// <summary>The members of the group, and whether no rebalance is under way; null when Kafka does not answer, or knows no such group.</summary>
    public static (IReadOnlyList<GroupMember> Members, bool IsStable)? Ask(IAdminClient admin, string groupId)
    {
        try
        {
            return admin.ListGroup(groupId, AnswerMax) is { Error.IsError: false } group
                ? (group.Members.ConvertAll(member => new GroupMember(member.MemberId, Assignment(member.MemberAssignment ?? []))), group.State == Stable)
                : null;
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads an assignment of the consumer protocol (ConsumerProtocolAssignment in Apache Kafka: version, topics with their partitions,
    /// user data).
    /// </summary>
    internal static IReadOnlyList<TopicPartition> Assignment(ReadOnlySpan<byte> bytes)
    {
        var assigned = new List<TopicPartition>();
        if (bytes.IsEmpty)
            return assigned;
        var rest = bytes[sizeof(short)..];
        for (var topics = ReadInt32(ref rest); topics > 0; topics--)
        {
            var length = BinaryPrimitives.ReadInt16BigEndian(rest);
            var topic = Encoding.UTF8.GetString(rest.Slice(sizeof(short), length));
            rest = rest[(sizeof(short) + length)..];
            for (var partitions = ReadInt32(ref rest); partitions > 0; partitions--)
                assigned.Add(new TopicPartition(topic, ReadInt32(ref rest)));
        }

        return assigned;
    }

    private static int ReadInt32(ref ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadInt32BigEndian(bytes);
        bytes = bytes[sizeof(int)..];
        return value;
    }
}
