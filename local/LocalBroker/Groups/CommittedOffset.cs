using System.Text;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>A partition by name.</summary>
internal readonly record struct TopicPartition(string Topic, int Partition);

/// <summary>How far a group has come in a partition, with the committer's own note.</summary>
internal sealed record CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommittedAt)
{
    public byte[] ToBytes()
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Offset);
        writer.Write(LeaderEpoch);
        writer.Write(Metadata);
        writer.Write(CommittedAt);
        writer.Flush();
        return stream.ToArray();
    }

    public static CommittedOffset FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return new CommittedOffset(reader.ReadInt64(), reader.ReadInt32(), reader.ReadString(), reader.ReadInt64());
    }
}
