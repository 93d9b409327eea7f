using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provisioning;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Commerce.Streaming.Provision.Kafka;

/// <summary>A topic as it is on the broker.</summary>
internal sealed record FoundTopic(int Partitions, short Replicas);

/// <summary>What is asked of Kafka, each as one step that has happened when it returns.</summary>
internal sealed class KafkaCluster : IDisposable
{
    /// <summary>Needed by consumers, used for nothing: partitions are assigned by hand and no offset is committed.</summary>
    private const string ReaderName = "commerce.provision.reader";

    /// <summary>Longest wait for one request, and for a topic to come and go.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private readonly IReadOnlyDictionary<string, string> _properties;
    private readonly TimeProvider _clock;
    private readonly IAdminClient _admin;

    public KafkaCluster(IReadOnlyDictionary<string, string> properties, TimeProvider clock)
    {
        (_properties, _clock) = (properties, clock);
        _admin = new AdminClientBuilder(Copy()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    public IReadOnlyDictionary<string, FoundTopic> Topics() => _admin.GetMetadata(Patience).Topics
        .Where(topic => !topic.Error.IsError && topic.Partitions.Count > 0)
        .ToDictionary(
            topic => topic.Topic, topic => new FoundTopic(topic.Partitions.Count, (short)topic.Partitions[0].Replicas.Length), StringComparer.Ordinal);

    /// <summary>Groups with that prefix.</summary>
    public IReadOnlyList<string> Groups(string prefix) => [.. GroupsWith(prefix).Select(group => group.Group)];

    /// <summary>Groups with that prefix that have members. By the older of the client's two ways: the newer ends the process when a coordinator dies.</summary>
    public IReadOnlyList<string> BusyGroups(string prefix) =>
        [.. GroupsWith(prefix).Where(group => group.Members.Count > 0).Select(group => group.Group)];

    /// <summary>Where partitions end; with <see cref="IsolationLevel.ReadCommitted"/> before the first open transaction.</summary>
    public async Task<Dictionary<TopicPartition, long>> EndsAsync(IEnumerable<TopicPartition> partitions, IsolationLevel isolation = IsolationLevel.ReadUncommitted)
    {
        var asked = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }).ToList();
        if (asked.Count == 0)
            return [];
        var answer = await _admin.ListOffsetsAsync(asked, new ListOffsetsOptions { IsolationLevel = isolation, RequestTimeout = Patience });
        return answer.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition,
            info => info.TopicPartitionOffsetError.Error.IsError
                ? throw new KafkaException(info.TopicPartitionOffsetError.Error)
                : info.TopicPartitionOffsetError.Offset.Value);
    }

    /// <summary>The first record of each partition that is not older; partitions without one are left out.</summary>
    public Dictionary<TopicPartition, Offset> PlacesAt(IEnumerable<TopicPartition> partitions, DateTimeOffset moment)
    {
        using var consumer = Reader(ReaderName);
        return consumer.OffsetsForTimes(partitions.Select(each => new TopicPartitionTimestamp(each, new Timestamp(moment))), Patience)
            .Where(each => each.Offset.Value >= 0)
            .ToDictionary(each => each.TopicPartition, each => each.Offset);
    }

    /// <summary>What was set for the topic itself, and what provisioning would set besides: a topic made anew by these is as good as aligned.</summary>
    public async Task<Dictionary<string, string>> SettingsAsync(Topic topic, short replicas)
    {
        var described = await _admin.DescribeConfigsAsync(
            [new ConfigResource { Type = ResourceType.Topic, Name = topic.Name }], new DescribeConfigsOptions { RequestTimeout = Patience });
        var entries = described.Single().Entries.Values;
        var settings = entries
            .Where(entry => entry.Source == ConfigSource.DynamicTopicConfig)
            .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        var effective = entries.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        foreach (var (name, value) in Provisioner.MissingSettings(topic, replicas, effective))
            settings[name] = value;
        return settings;
    }

    public async Task CreateAsync(string topic, int partitions, short replicas, Dictionary<string, string> settings, CancellationToken cancellation)
    {
        var specification = new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = replicas, Configs = settings };
        await UntilAsync(async () =>
        {
            try
            {
                await _admin.CreateTopicsAsync([specification], new CreateTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience });
                return true;
            }
            catch (CreateTopicsException refused) when (refused.Results.All(each => each.Error.Code == ErrorCode.TopicAlreadyExists))
            {
                // One of that name is on its way out.
                return false;
            }
        }, $"{topic} cannot be created", cancellation);
        await UsableAsync(topic, partitions, cancellation);
    }

    public async Task GrowAsync(string topic, int partitions, CancellationToken cancellation)
    {
        await _admin.CreatePartitionsAsync(
            [new PartitionsSpecification { Topic = topic, IncreaseTo = partitions }], new CreatePartitionsOptions { RequestTimeout = Patience, OperationTimeout = Patience });
        await UsableAsync(topic, partitions, cancellation);
    }

    /// <summary>Deletes the topic, if it is there.</summary>
    public async Task DeleteAsync(string topic, CancellationToken cancellation)
    {
        try
        {
            await _admin.DeleteTopicsAsync([topic], new DeleteTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience });
        }
        catch (DeleteTopicsException refused) when (refused.Results.All(each => each.Error.Code == ErrorCode.UnknownTopicOrPart))
        {
            // It has gone already.
        }

        await UntilAsync(() => Task.FromResult(!Topics().ContainsKey(topic)), $"{topic} does not go", cancellation);
    }

    /// <summary>Committed records from each offset to where the partition ends now.</summary>
    public void Read(IEnumerable<TopicPartitionOffset> from, Action<ConsumeResult<byte[], byte[]?>> take, CancellationToken cancellation)
    {
        using var reading = Reading();
        reading.Read(from, take, cancellation);
    }

    /// <summary>For several readings of one topic. No longer than that: a client remembers the topic that had the name before.</summary>
    public RecordReading Reading() => new(Reader(ReaderName), Patience, _clock);

    /// <summary>A group's offsets; -1001 where there is none. Waits for open transactions with offsets.</summary>
    public Dictionary<TopicPartition, Offset> Committed(string group, IEnumerable<TopicPartition> partitions)
    {
        using var consumer = Reader(group);
        return consumer.Committed(partitions, Patience).ToDictionary(each => each.TopicPartition, each => each.Offset);
    }

    /// <summary>Sets offsets of a group without members; Kafka refuses when there are any.</summary>
    public void Commit(string group, IReadOnlyCollection<TopicPartitionOffset> offsets)
    {
        using var consumer = Reader(group);
        consumer.Assign(offsets.Select(each => each.TopicPartition));
        consumer.Pause(offsets.Select(each => each.TopicPartition));
        consumer.Commit(offsets);
        consumer.Close();
    }

    /// <param name="once">No record comes twice, whatever happens on the way; the client takes a moment longer to begin.</param>
    public RecordWriter Writer(bool once = true) => new(new ProducerConfig(Copy())
    {
        Acks = Acks.All,
        EnableIdempotence = once,
        LingerMs = 5,
        MessageMaxBytes = RecordWriter.RecordBytesMax,
    });

    public void Dispose() => _admin.Dispose();

    private IEnumerable<GroupInfo> GroupsWith(string prefix) =>
        _admin.ListGroups(Patience).Where(group => group.Group.StartsWith(prefix, StringComparison.Ordinal));

    private IConsumer<byte[], byte[]?> Reader(string group) => new ConsumerBuilder<byte[], byte[]?>(new ConsumerConfig(Copy())
    {
        GroupId = group,
        ClientId = ReaderName,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        IsolationLevel = IsolationLevel.ReadCommitted,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnablePartitionEof = true,
        AllowAutoCreateTopics = false,
        // So long the broker holds a fetch at the end of a partition, and most partitions are at their end soon.
        FetchWaitMaxMs = 10,
    }).SetKeyDeserializer(Deserializers.ByteArray).SetValueDeserializer(Deserializers.ByteArray!).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    private Task UsableAsync(string topic, int partitions, CancellationToken cancellation) => UntilAsync(
        () => Task.FromResult(_admin.GetMetadata(Patience).Topics.SingleOrDefault(each => each.Topic == topic) is { Error.IsError: false } found
            && found.Partitions.Count == partitions && found.Partitions.TrueForAll(partition => partition.Leader >= 0)),
        $"{topic} does not get {partitions} partitions with leaders", cancellation);

    private async Task UntilAsync(Func<Task<bool>> holds, string otherwise, CancellationToken cancellation)
    {
        var begin = _clock.GetTimestamp();
        while (!await holds())
        {
            if (_clock.GetElapsedTime(begin) > Patience)
                throw new ProvisioningException($"{otherwise} within {Patience.TotalSeconds:0} s");
            await Task.Delay(LookInterval, _clock, cancellation);
        }
    }

    private Dictionary<string, string> Copy() => new(_properties, StringComparer.Ordinal);
}
