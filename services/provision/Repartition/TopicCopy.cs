using Commerce.Streaming.Provision.Kafka;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>Reads and copies the entries of compacted topics: of each key the last record, unless that deletes it.</summary>
internal sealed class TopicCopy(KafkaCluster kafka) : IDisposable
{
    // One for all topics of a run: it writes to each name once, so that it never takes a topic for the one before it.
    private RecordWriter? _writer;

    /// <summary>Entries of one partition, one partition after the other: the keys of one are held in memory.</summary>
    public void EachLive(string topic, int partitions, Action<ConsumeResult<byte[], byte[]?>> take, CancellationToken cancellation)
    {
        using var reading = kafka.Reading();
        for (var partition = 0; partition < partitions; partition++)
        {
            var beginning = new TopicPartitionOffset(topic, partition, RecordReading.Beginning);
            var last = new Dictionary<byte[], long>(ByContent.Instance);
            reading.Read([beginning], record =>
            {
                // A compacted topic has no records without key; were there one, it would be nobody's state.
                if (record.Message.Key is null)
                    return;
                if (record.Message.Value is null)
                    last.Remove(record.Message.Key);
                else
                    last[record.Message.Key] = record.Offset.Value;
            }, cancellation);
            if (last.Count == 0)
                continue;
            reading.Read([beginning], record =>
            {
                if (record.Message.Key is { } key && last.TryGetValue(key, out var offset) && offset == record.Offset.Value)
                    take(record);
            }, cancellation);
        }
    }

    /// <summary>Copies each entry to its homes.</summary>
    /// <returns>The digest that the copy must have.</returns>
    public Digest Spread(string from, int partitions, string to, Func<ConsumeResult<byte[], byte[]?>, IReadOnlyList<int>> homes, CancellationToken cancellation)
    {
        var digest = new Digest();
        var writer = _writer ??= kafka.Writer();
        EachLive(from, partitions, record =>
        {
            foreach (var home in homes(record))
            {
                digest.Add(home, record.Message);
                writer.Write(new TopicPartition(to, home), record.Message, cancellation);
            }
        }, cancellation);
        writer.Flush(cancellation);
        return digest;
    }

    /// <summary>Copies every record to the partition of the same number.</summary>
    public void Repeat(string from, string to, int partitions, CancellationToken cancellation)
    {
        var writer = _writer ??= kafka.Writer();
        kafka.Read(Beginnings(from, partitions), record => writer.Write(new TopicPartition(to, record.Partition), record.Message, cancellation), cancellation);
        writer.Flush(cancellation);
    }

    /// <summary>Of every record that is there.</summary>
    public Digest DigestOf(string topic, int partitions, CancellationToken cancellation)
    {
        var digest = new Digest();
        kafka.Read(Beginnings(topic, partitions), record => digest.Add(record.Partition.Value, record.Message), cancellation);
        return digest;
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private static IEnumerable<TopicPartitionOffset> Beginnings(string topic, int partitions) =>
        Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, RecordReading.Beginning));

    private sealed class ByContent : IEqualityComparer<byte[]>
    {
        public static readonly ByContent Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj)
        {
            var hash = new HashCode();
            hash.AddBytes(obj);
            return hash.ToHashCode();
        }
    }
}
