using System.Text;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>
/// The members of a group as bytes, so that a restart of the broker disturbs no one. In the middle of a rebalance only the
/// generation is kept, which must never be given twice: after a crash there the members join anew.
/// </summary>
internal static class GroupRecord
{
    public static byte[] Write(GroupMembership group)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(group.Generation);
        writer.Write(group.ProtocolType ?? "");
        writer.Write(group.Protocol ?? "");
        writer.Write(group.LeaderId ?? "");
        var members = group.State == GroupState.Stable ? group.Members : [];
        writer.Write(members.Count);
        foreach (var member in members)
            Write(writer, member);
        writer.Flush();
        return stream.ToArray();
    }

    public static void Restore(byte[] bytes, GroupMembership group)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var generation = reader.ReadInt32();
        var (type, protocol, leader) = (reader.ReadString(), reader.ReadString(), reader.ReadString());
        var members = new List<GroupMember>();
        for (var count = reader.ReadInt32(); count > 0; count--)
            members.Add(ReadMember(reader));
        group.Restore(generation, NullIfEmpty(type), NullIfEmpty(protocol), NullIfEmpty(leader), members);
    }

    private static void Write(BinaryWriter writer, GroupMember member)
    {
        writer.Write(member.Id);
        writer.Write(member.InstanceId ?? "");
        writer.Write(member.ClientId);
        writer.Write(member.ClientHost);
        writer.Write(member.SessionTimeout.Ticks);
        writer.Write(member.RebalanceTimeout.Ticks);
        writer.Write(member.Assignment.Length);
        writer.Write(member.Assignment);
        writer.Write(member.Protocols.Count);
        foreach (var protocol in member.Protocols)
        {
            writer.Write(protocol.Name);
            writer.Write(protocol.Metadata.Length);
            writer.Write(protocol.Metadata);
        }
    }

    private static GroupMember ReadMember(BinaryReader reader)
    {
        var (id, instance, clientId, clientHost) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
        var (session, rebalance) = (TimeSpan.FromTicks(reader.ReadInt64()), TimeSpan.FromTicks(reader.ReadInt64()));
        var assignment = reader.ReadBytes(reader.ReadInt32());
        var protocols = new GroupProtocol[reader.ReadInt32()];
        for (var i = 0; i < protocols.Length; i++)
            protocols[i] = new GroupProtocol(reader.ReadString(), reader.ReadBytes(reader.ReadInt32()));
        return new GroupMember
        {
            Id = id,
            InstanceId = NullIfEmpty(instance),
            ClientId = clientId,
            ClientHost = clientHost,
            SessionTimeout = session,
            RebalanceTimeout = rebalance,
            Assignment = assignment,
            Protocols = protocols,
        };
    }

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}
