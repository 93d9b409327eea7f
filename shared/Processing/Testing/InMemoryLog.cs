using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Engine;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Testing;

/// <summary>Topics in memory: append, read from an offset.</summary>
internal sealed class InMemoryLog(Func<string, int> partitionsOf)
{
    private readonly Dictionary<(string Topic, int Partition), List<InputRecord>> _partitions = [];
    private readonly Dictionary<string, List<InputRecord>> _byTopic = new(StringComparer.Ordinal);

    public InputRecord Append(in OutputRecord record)
    {
        var partition = record.Partition ?? Murmur2.PartitionOf(record.Key, partitionsOf(record.Topic));
        return Append(record.Topic, partition, record.Key, record.Value, record.Timestamp, record.Headers);
    }

    public InputRecord Append(string topic, int partition, byte[]? key, byte[]? value, DateTimeOffset timestamp, Headers? headers)
    {
        var records = Partition(topic, partition);
        var appended = new InputRecord
        {
            TopicPartitionOffset = new TopicPartitionOffset(topic, partition, records.Count),
            Message = new Message<byte[]?, byte[]?>
            {
                Key = key,
                Value = value,
                Timestamp = new Timestamp(timestamp),
                Headers = headers ?? [],
            },
        };
        records.Add(appended);
        Topic(topic).Add(appended);
        return appended;
    }

    /// <summary>All records of a topic, in the order in which they were appended.</summary>
    public List<InputRecord> Topic(string topic)
    {
        if (!_byTopic.TryGetValue(topic, out var records))
            _byTopic[topic] = records = [];
        return records;
    }

    public List<InputRecord> Partition(string topic, int partition)
    {
        if (!_partitions.TryGetValue((topic, partition), out var records))
            _partitions[(topic, partition)] = records = [];
        return records;
    }
}
