using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>Number of records and a sum over their hashes: equal for two topics with the same records in the same partitions, in whatever order.</summary>
internal sealed class Digest
{
    private UInt128 _sum;

    public long Count { get; private set; }

    public void Add(int partition, Message<byte[], byte[]?> message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AddNumber(hash, partition);
        AddBytes(hash, message.Key);
        AddBytes(hash, message.Value);
        // A time that the broker sets is another one in each copy.
        AddNumber(hash, message.Timestamp.Type == TimestampType.CreateTime ? message.Timestamp.UnixTimestampMs : 0);
        foreach (var header in message.Headers ?? [])
        {
            AddBytes(hash, Encoding.UTF8.GetBytes(header.Key));
            AddBytes(hash, header.GetValueBytes());
        }

        Span<byte> bytes = stackalloc byte[32];
        hash.GetHashAndReset(bytes);
        _sum = unchecked(_sum + BinaryPrimitives.ReadUInt128LittleEndian(bytes));
        Count++;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}:{_sum:x}");

    private static void AddNumber(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void AddBytes(IncrementalHash hash, byte[]? bytes)
    {
        AddNumber(hash, bytes?.Length ?? -1);
        hash.AppendData(bytes ?? []);
    }
}
