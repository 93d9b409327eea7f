using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Kafka;
using Commerce.Streaming.Provisioning;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Rewind;

/// <param name="Keys">Entries of state that have the value again that they had.</param>
/// <param name="Offsets">Partitions of groups that are read once more from an earlier place.</param>
internal sealed record StateRewindResult(int Keys, int Offsets);

/// <summary>
/// Brings the pipelines' state back to a moment, and their offsets to one before it. For a mirror that was cut in the middle: each topic has
/// crossed by itself, so a state can be ahead of its outputs, which are then never made, however often their inputs are sent again. Back at a
/// moment up to which everything has crossed, what followed is processed once more; outputs that were there are there twice, and their readers
/// know them by their ids. No service may run meanwhile. Running it again changes nothing more.
/// </summary>
/// <param name="topics">The catalogue: groups' positions in all of it go back, and of the changelogs what is in them.</param>
internal sealed class StateRewind(KafkaCluster kafka, IReadOnlyList<Topic> topics)
{
    private const string State = ".changelog.v1";
    private const string Groups = "commerce.";

    /// <param name="to">State is as of here: what was written later counts as never written.</param>
    /// <param name="reread">Inputs are read again from so long before: longer than a pipeline was behind its inputs.</param>
    /// <exception cref="ProvisioningException">A service runs, or Kafka did not answer in time; it can be run again.</exception>
    public StateRewindResult Run(DateTimeOffset to, TimeSpan reread, CancellationToken cancellation = default)
    {
        if (kafka.BusyGroups(Groups) is { Count: > 0 } busy)
            throw new ProvisioningException($"consumer groups have members: {string.Join(", ", busy)}. Stop every service first");
        var offsets = MoveOffsets(to - reread);
        var keys = topics.Where(topic => topic.Name.EndsWith(State, StringComparison.Ordinal)).Sum(topic => Restore(topic, to, cancellation));
        return new StateRewindResult(keys, offsets);
    }

    private int MoveOffsets(DateTimeOffset from)
    {
        var found = kafka.Topics();
        var earlier = kafka.PlacesAt(topics.Where(topic => found.ContainsKey(topic.Name)).SelectMany(topic => PartitionsOf(topic, found)), from);
        var moved = 0;
        foreach (var group in kafka.Groups(Groups))
        {
            var back = kafka.Committed(group, earlier.Keys)
                .Where(committed => committed.Value.Value > earlier[committed.Key].Value)
                .Select(committed => new TopicPartitionOffset(committed.Key, earlier[committed.Key])).ToList();
            if (back.Count == 0)
                continue;
            kafka.Commit(group, back);
            moved += back.Count;
        }

        return moved;
    }

    /// <summary>Writes what each key that changed after <paramref name="to"/> had before: its last value, or nothing.</summary>
    private int Restore(Topic topic, DateTimeOffset to, CancellationToken cancellation)
    {
        var later = kafka.PlacesAt(PartitionsOf(topic, kafka.Topics()), to.AddMilliseconds(1));
        if (later.Count == 0)
            return 0;
        var before = new Dictionary<(int Partition, string Key), byte[]?>();
        kafka.Read(later.Select(each => new TopicPartitionOffset(each.Key, each.Value)), record =>
        {
            if (record.Message.Timestamp.UnixTimestampMs > to.ToUnixTimeMilliseconds())
                before[KeyOf(record)] = null;
        }, cancellation);
        kafka.Read(later.Keys.Select(each => new TopicPartitionOffset(each, RecordReading.Beginning)), record =>
        {
            if (record.Message.Timestamp.UnixTimestampMs <= to.ToUnixTimeMilliseconds() && before.ContainsKey(KeyOf(record)))
                before[KeyOf(record)] = record.Message.Value;
        }, cancellation);
        using var writer = kafka.Writer();
        foreach (var ((partition, key), value) in before)
        {
            writer.Write(
                new TopicPartition(topic.Name, partition), new Message<byte[], byte[]?> { Key = Encoding.Latin1.GetBytes(key), Value = value }, cancellation);
        }

        writer.Flush(cancellation);
        return before.Count;
    }

    /// <exception cref="ProvisioningException">There is no such topic.</exception>
    private static IEnumerable<TopicPartition> PartitionsOf(Topic topic, IReadOnlyDictionary<string, FoundTopic> found) =>
        found.TryGetValue(topic.Name, out var known)
            ? Enumerable.Range(0, known.Partitions).Select(partition => new TopicPartition(topic.Name, partition))
            : throw new ProvisioningException($"topic {topic.Name} does not exist");

    // Byte by byte, whatever a key is.
    private static (int Partition, string Key) KeyOf(ConsumeResult<byte[], byte[]?> record) =>
        (record.Partition.Value, Encoding.Latin1.GetString(record.Message.Key ?? []));
}
