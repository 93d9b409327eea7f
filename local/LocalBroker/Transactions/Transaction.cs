using System.Text;
using Commerce.Streaming.LocalBroker.Groups;

namespace Commerce.Streaming.LocalBroker.Transactions;

internal enum TransactionStatus : byte
{
    Empty,
    Ongoing,
    PrepareCommit,
    PrepareAbort,
    CompleteCommit,
    CompleteAbort,
}

/// <summary>One transactional id: who owns it, and what its transaction has touched. Used under <see cref="Sync"/>.</summary>
internal sealed class Transaction(string id)
{
    public string Id => id;

    public Lock Sync { get; } = new();

    public long ProducerId { get; set; } = -1;

    public short Epoch { get; set; } = -1;

    /// <summary>The epoch from which the present owner recovered itself, so that it may ask again; -1 when it began afresh.</summary>
    public short RecoveredFrom { get; set; } = -1;

    public TransactionStatus Status { get; set; }

    public TimeSpan Timeout { get; set; }

    /// <summary>When the open transaction began; meaningless in other states.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When the producer last did anything; ids that are silent for long are forgotten.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Set once the id has been forgotten; whoever still holds this looks it up again.</summary>
    public bool IsForgotten { get; set; }

    public HashSet<TopicPartition> Partitions { get; } = [];

    /// <summary>Groups whose offsets the transaction commits.</summary>
    public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);

    public bool IsEnding => Status is TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort;

    public byte[] ToBytes()
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(ProducerId);
        writer.Write(Epoch);
        writer.Write(RecoveredFrom);
        writer.Write((byte)Status);
        writer.Write(Timeout.Ticks);
        writer.Write(StartedAt.UtcTicks);
        writer.Write(UpdatedAt.UtcTicks);
        writer.Write(Partitions.Count);
        foreach (var (topic, partition) in Partitions)
        {
            writer.Write(topic);
            writer.Write(partition);
        }

        writer.Write(Groups.Count);
        foreach (var group in Groups)
            writer.Write(group);
        writer.Flush();
        return stream.ToArray();
    }

    public static Transaction FromBytes(string id, byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var transaction = new Transaction(id)
        {
            ProducerId = reader.ReadInt64(),
            Epoch = reader.ReadInt16(),
            RecoveredFrom = reader.ReadInt16(),
            Status = (TransactionStatus)reader.ReadByte(),
            Timeout = TimeSpan.FromTicks(reader.ReadInt64()),
            StartedAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
            UpdatedAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
        };
        for (var count = reader.ReadInt32(); count > 0; count--)
            transaction.Partitions.Add(new TopicPartition(reader.ReadString(), reader.ReadInt32()));
        for (var count = reader.ReadInt32(); count > 0; count--)
            transaction.Groups.Add(reader.ReadString());
        return transaction;
    }
}
