using System.Text;
using Commerce.Streaming.Contracts;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Provisioning;

/// <param name="Keys">Entries of state that have the value again that they had.</param>
/// <param name="Offsets">Partitions of groups that are read once more from an earlier place.</param>
public sealed record StateRewindResult(int Keys, int Offsets);

/// <summary>
/// Brings the pipelines' state back to a moment, and their offsets to one before it. For a mirror that was cut in the middle: each topic has
/// crossed by itself, so a state can be ahead of its outputs, which are then never made, however often their inputs are sent again. Back at a
/// moment up to which everything has crossed, what followed is processed once more; outputs that were there are there twice, and their readers
/// know them by their ids. No service may run meanwhile. Running it again changes nothing more.
/// </summary>
public sealed class StateRewind(IEnumerable<KeyValuePair<string, string>> kafka, TimeSpan timeout)
{
    private const string State = ".changelog.v1";
    private const string Groups = "commerce.";

    /// <summary>A broker's own limit comes first.</summary>
    private const int MessageBytesMax = 64 * 1024 * 1024;

    /// <summary>The broker holds a fetch at the end of a partition so long; it bounds how fast "nothing more" is learnt.</summary>
    private const int FetchWaitMs = 10;

    private readonly Dictionary<string, string> _kafka = new(kafka, StringComparer.Ordinal);

    /// <param name="topics">The catalogue; of it the changelogs.</param>
    /// <param name="to">State is as of here: what was written later counts as never written.</param>
    /// <param name="reread">Inputs are read again from so long before: longer than a pipeline was behind its inputs.</param>
    /// <exception cref="ProvisioningException">Kafka refused or did not answer in time; it can be run again.</exception>
    public async Task<StateRewindResult> RunAsync(
        IReadOnlyList<Topic> topics, DateTimeOffset to, TimeSpan reread, CancellationToken cancellationToken = default)
    {
        try
        {
            using var admin = new AdminClientBuilder(_kafka).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
            using var consumer = new ConsumerBuilder<byte[], byte[]?>(ConsumerConfig()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
            var offsets = await MoveOffsetsAsync(admin, consumer, to - reread);
            var keys = await Task.Run(
                () => topics.Where(topic => topic.Name.EndsWith(State, StringComparison.Ordinal)).Sum(topic => Restore(topic, admin, consumer, to, cancellationToken)),
                cancellationToken);
            return new StateRewindResult(keys, offsets);
        }
        catch (KafkaException failure)
        {
            throw new ProvisioningException($"Kafka: {failure.Error.Reason}", failure);
        }
    }

    private async Task<int> MoveOffsetsAsync(IAdminClient admin, IConsumer<byte[], byte[]?> consumer, DateTimeOffset from)
    {
        var moved = 0;
        var groups = await admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { RequestTimeout = timeout });
        foreach (var group in groups.Valid.Select(each => each.GroupId).Where(id => id.StartsWith(Groups, StringComparison.Ordinal)))
        {
            var known = await admin.ListConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitions(group, null)], new ListConsumerGroupOffsetsOptions { RequestTimeout = timeout });
            var committed = known[0].Partitions.Where(each => each.Offset.Value >= 0).Select(each => each.TopicPartitionOffset).ToList();
            var earlier = Places(consumer, committed.Select(each => each.TopicPartition), from);
            var back = committed.Where(each => earlier.TryGetValue(each.TopicPartition, out var place) && place < each.Offset.Value)
                .Select(each => new TopicPartitionOffset(each.TopicPartition, earlier[each.TopicPartition])).ToList();
            if (back.Count == 0)
                continue;
            await admin.AlterConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitionOffsets(group, back)], new AlterConsumerGroupOffsetsOptions { RequestTimeout = timeout });
            moved += back.Count;
        }

        return moved;
    }

    /// <summary>Writes what each key that changed after <paramref name="to"/> had before: its last value, or nothing.</summary>
    private int Restore(Topic topic, IAdminClient admin, IConsumer<byte[], byte[]?> consumer, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var later = Places(
            consumer, admin.GetMetadata(topic.Name, timeout).Topics.Single().Partitions.Select(partition => new TopicPartition(topic.Name, partition.PartitionId)),
            to.AddMilliseconds(1));
        if (later.Count == 0)
            return 0;
        var before = new Dictionary<(int Partition, string Key), byte[]?>();
        Read(consumer, later.Select(each => new TopicPartitionOffset(each.Key, each.Value)), cancellationToken, record =>
        {
            if (record.Message.Timestamp.UnixTimestampMs > to.ToUnixTimeMilliseconds())
                before[KeyOf(record)] = null;
        });
        Read(consumer, later.Keys.Select(each => new TopicPartitionOffset(each, Offset.Beginning)), cancellationToken, record =>
        {
            if (record.Message.Timestamp.UnixTimestampMs <= to.ToUnixTimeMilliseconds() && before.ContainsKey(KeyOf(record)))
                before[KeyOf(record)] = record.Message.Value;
        });
        Write(topic.Name, before);
        return before.Count;
    }

    private void Write(string topic, Dictionary<(int Partition, string Key), byte[]?> values)
    {
        Error? failed = null;
        using var producer = new ProducerBuilder<byte[], byte[]?>(ProducerConfig()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        foreach (var ((partition, key), value) in values)
        {
            producer.Produce(
                new TopicPartition(topic, partition), new Message<byte[], byte[]?> { Key = Encoding.Latin1.GetBytes(key), Value = value },
                report => failed = report.Error.IsError ? report.Error : failed);
        }

        if (producer.Flush(timeout) > 0 || failed is not null)
            throw new ProvisioningException($"{topic} did not take all that was to be written: {failed?.Reason ?? "no answer in time"}");
    }

    /// <summary>The first record of each partition that is not older; partitions without one are left out.</summary>
    private Dictionary<TopicPartition, Offset> Places(IConsumer<byte[], byte[]?> consumer, IEnumerable<TopicPartition> partitions, DateTimeOffset at) =>
        consumer.OffsetsForTimes(partitions.Select(each => new TopicPartitionTimestamp(each, new Timestamp(at))), timeout)
            .Where(each => each.Offset.Value >= 0)
            .ToDictionary(each => each.TopicPartition, each => each.Offset);

    private void Read(
        IConsumer<byte[], byte[]?> consumer, IEnumerable<TopicPartitionOffset> from, CancellationToken cancellationToken, Action<ConsumeResult<byte[], byte[]?>> take)
    {
        var places = from.ToList();
        consumer.Assign(places);
        for (var open = places.Count; open > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = consumer.Consume(timeout) ?? throw new ProvisioningException("Kafka did not answer in time");
            if (record.IsPartitionEOF)
                open--;
            else
                take(record);
        }

        consumer.Unassign();
    }

    // Byte by byte, whatever a key is.
    private static (int Partition, string Key) KeyOf(ConsumeResult<byte[], byte[]?> record) =>
        (record.Partition.Value, Encoding.Latin1.GetString(record.Message.Key ?? []));

    private ConsumerConfig ConsumerConfig() => new(new Dictionary<string, string>(_kafka, StringComparer.Ordinal))
    {
        // Needed by the client, used for nothing: partitions are assigned by hand and no offset is committed.
        GroupId = "provision.rewind",
        EnableAutoCommit = false,
        IsolationLevel = IsolationLevel.ReadCommitted,
        EnablePartitionEof = true,
        FetchWaitMaxMs = FetchWaitMs,
    };

    private ProducerConfig ProducerConfig() => new(new Dictionary<string, string>(_kafka, StringComparer.Ordinal))
    {
        Acks = Acks.All,
        EnableIdempotence = true,
        MessageMaxBytes = MessageBytesMax,
        QueueBufferingMaxMessages = 0,
    };
}
