using System.Text;

namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>A consumer group as bytes, so that a restart of the broker disturbs no member.</summary>
internal static class ConsumerGroupRecord
{
    public static byte[] Write(ConsumerMembership group)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(group.Epoch);
        writer.Write(group.AssignmentEpoch);
        writer.Write(group.Partitions.Count);
        foreach (var (topic, count) in group.Partitions)
        {
            writer.Write(topic.ToByteArray());
            writer.Write(count);
        }

        writer.Write(group.Members.Count);
        foreach (var member in group.Members)
            Write(writer, member);
        writer.Flush();
        return stream.ToArray();
    }

    public static void Restore(byte[] bytes, ConsumerMembership group)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var (epoch, assignmentEpoch) = (reader.ReadInt32(), reader.ReadInt32());
        var partitions = new Dictionary<Guid, int>();
        for (var count = reader.ReadInt32(); count > 0; count--)
            partitions[new Guid(reader.ReadBytes(16))] = reader.ReadInt32();
        var members = new List<ConsumerMember>();
        for (var count = reader.ReadInt32(); count > 0; count--)
            members.Add(ReadMember(reader));
        group.Restore(epoch, assignmentEpoch, partitions, members);
    }

    private static void Write(BinaryWriter writer, ConsumerMember member)
    {
        writer.Write(member.Id);
        writer.Write(member.InstanceId ?? "");
        writer.Write(member.ClientId);
        writer.Write(member.ClientHost);
        writer.Write(member.RackId ?? "");
        writer.Write(member.Assignor ?? "");
        writer.Write(member.RebalanceTimeout.Ticks);
        writer.Write(member.Subscription.Pattern ?? "");
        writer.Write(member.Subscription.Topics.Count);
        foreach (var topic in member.Subscription.Topics)
            writer.Write(topic);
        writer.Write(member.Epoch);
        writer.Write(member.PreviousEpoch);
        writer.Write(member.AwaitsRelease);
        Write(writer, member.Assigned);
        Write(writer, member.Revoking.ToDictionary(slot => slot, _ => 0));
        Write(writer, member.Target.ToDictionary(slot => slot, _ => 0));
    }

    private static ConsumerMember ReadMember(BinaryReader reader)
    {
        var (id, instance, clientId, clientHost) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
        var (rack, assignor, rebalance, pattern) = (reader.ReadString(), reader.ReadString(), TimeSpan.FromTicks(reader.ReadInt64()), reader.ReadString());
        var topics = new string[reader.ReadInt32()];
        for (var i = 0; i < topics.Length; i++)
            topics[i] = reader.ReadString();
        return new ConsumerMember
        {
            Id = id,
            InstanceId = NullIfEmpty(instance),
            ClientId = clientId,
            ClientHost = clientHost,
            RackId = NullIfEmpty(rack),
            Assignor = NullIfEmpty(assignor),
            RebalanceTimeout = rebalance,
            Subscription = Subscription.TryCreate(topics, pattern) ?? Subscription.None,
            Epoch = reader.ReadInt32(),
            PreviousEpoch = reader.ReadInt32(),
            AwaitsRelease = reader.ReadBoolean(),
            Assigned = ReadSlots(reader),
            Revoking = [.. ReadSlots(reader).Keys],
            Target = [.. ReadSlots(reader).Keys],
        };
    }

    private static void Write(BinaryWriter writer, Dictionary<TopicSlot, int> slots)
    {
        writer.Write(slots.Count);
        foreach (var (slot, epoch) in slots)
        {
            writer.Write(slot.Topic.ToByteArray());
            writer.Write(slot.Partition);
            writer.Write(epoch);
        }
    }

    private static Dictionary<TopicSlot, int> ReadSlots(BinaryReader reader)
    {
        var slots = new Dictionary<TopicSlot, int>();
        for (var count = reader.ReadInt32(); count > 0; count--)
            slots[new TopicSlot(new Guid(reader.ReadBytes(16)), reader.ReadInt32())] = reader.ReadInt32();
        return slots;
    }

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}
