using System.Buffers.Binary;

namespace Commerce.Streaming.Contracts;

/// <summary>Kafka's default partitioner (org.apache.kafka.common.utils.Utils.murmur2), which every producer of this platform uses.</summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint M = 0x5bd1e995;

    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (int)(Hash(key) & 0x7fffffff) % partitions;

    public static uint Hash(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            var hash = Seed ^ (uint)data.Length;
            while (data.Length >= sizeof(uint))
            {
                var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * M;
                word = (word ^ (word >> 24)) * M;
                hash = (hash * M) ^ word;
                data = data[sizeof(uint)..];
            }

            for (var index = data.Length - 1; index >= 0; index--)
                hash ^= (uint)data[index] << (8 * index);
            if (data.Length > 0)
                hash *= M;
            hash = (hash ^ (hash >> 13)) * M;
            return hash ^ (hash >> 15);
        }
    }
}
