using Commerce.Streaming.FetchWatch;
using Commerce.Streaming.Processing.Runtime;
using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>The consumer of a topology.</summary>
internal sealed partial class KafkaInputSource : IInputSource
{
    /// <summary>Records and kilobytes fetched ahead. librdkafka's defaults hold 64 MB a consumer, which a laptop with six would feel.</summary>
    private const int FetchedAheadRecords = 20_000;

    private const int FetchedAheadKilobytes = 16 * 1024;

    /// <summary>librdkafka pauses fetching for a second when enough is fetched ahead, which starves a fast loop.</summary>
    private const int FetchBackoffMs = 5;

    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly LagTracker _lag;
    private readonly FetchProgress _progress;
    private readonly ILogger _logger;
    private readonly TimeSpan _stableOffsetsWait;

    public KafkaInputSource(
        Topology topology, KafkaConnection connection, ProcessingOptions options, IRebalanceListener listener, LagTracker lag,
        FetchProgress progress, ILogger logger)
    {
        _lag = lag;
        _progress = progress;
        _logger = logger;
        _stableOffsetsWait = options.TransactionTimeout * 2;
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(ConfigOf(topology, connection, options))
            .SetKeyDeserializer(Deserializers.ByteArray!)
            .SetValueDeserializer(Deserializers.ByteArray!)
            .SetPartitionsAssignedHandler((_, partitions) =>
            {
                _progress.Watch(partitions);
                listener.Assigned(partitions);
            })
            .SetPartitionsRevokedHandler((_, offsets) => listener.Revoked(Forget(offsets)))
            .SetPartitionsLostHandler((_, offsets) => listener.Lost(Forget(offsets)))
            .SetErrorHandler((_, error) => ClientError(topology.Name, error.Code.ToString(), error.IsFatal))
            .SetLogHandler((_, message) => ClientLog(message.Facility, message.Message))
            .Build();
        lag.EndOffsetOf = EndOffsetOf;
        _consumer.Subscribe(topology.Inputs.Select(input => input.Topic.Name));
    }

    /// <summary>Our id in the group at the last commit.</summary>
    public string? LastMemberId { get; private set; }

    /// <summary>Our name in the group: it outlives the process.</summary>
    public static string GroupInstanceIdOf(Topology topology, ProcessingOptions options) => topology.GroupId + "." + options.InstanceId;

    public InputRecord? Poll(TimeSpan wait)
    {
        if (_progress.Stalled is { } stalled)
            throw new TopologyFailedException($"the client no longer fetches {stalled}, though Kafka has more of it") { Reason = "stalled_fetch" };
        while (true)
        {
            var result = Consume(wait);
            if (result is null)
                return null;
            _progress.Delivered(result.TopicPartition, result.IsPartitionEOF ? result.Offset.Value : result.Offset.Value + 1);
            if (!result.IsPartitionEOF)
            {
                _lag.Taken(result.TopicPartition, result.Offset.Value, result.Message.Timestamp);
                return result;
            }

            _lag.ReachedEnd(result.TopicPartition, result.Offset.Value);
            wait = TimeSpan.Zero;
        }
    }

    public void Pause(IReadOnlyCollection<TopicPartition> partitions)
    {
        _progress.Ignore(partitions);
        _consumer.Pause(partitions);
    }

    public void Resume(IReadOnlyCollection<TopicPartition> partitions)
    {
        _consumer.Resume(partitions);
        _progress.Watch(partitions);
    }

    public IConsumerGroupMetadata? Membership()
    {
        // When the group drops us, librdkafka forgets member and generation before it tells us; a broker takes offsets without a
        // member for those of a group-less consumer and does not fence them. The order matters: a member that is still there after
        // the metadata was read was there when it was read.
        var membership = _consumer.ConsumerGroupMetadata;
        var member = _consumer.MemberId;
        if (string.IsNullOrEmpty(member))
            return null;
        LastMemberId = member;
        return membership;
    }

    /// <summary>The group's offsets, once no transaction that would change them is open. Called by restorations on their own threads.</summary>
    public IReadOnlyList<TopicPartitionOffset> Committed(IEnumerable<TopicPartition> partitions) =>
        _consumer.Committed(partitions, _stableOffsetsWait);

    public void Close() => _consumer.Close();

    public void Dispose()
    {
        _lag.EndOffsetOf = static _ => null;
        _consumer.Dispose();
    }

    private InputRecord? Consume(TimeSpan wait)
    {
        try
        {
            var result = _consumer.Consume(wait);
            if (result is null)
                _progress.CameBackEmpty();
            return result;
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            // Connections come and go; librdkafka tries again by itself.
            ClientError(failure.ConsumerRecord?.Topic ?? "", failure.Error.Code.ToString(), isFatal: false);
            return null;
        }
        catch (KafkaException fatal) when (fatal.Error.IsFatal)
        {
            throw new TopologyFailedException($"the consumer failed for good ({fatal.Error.Code})", fatal)
            {
                Reason = fatal.Error.Code.ToString(),
                HasLostName = fatal.Error.Code == ErrorCode.FencedInstanceId,
            };
        }
    }

    private List<TopicPartition> Forget(List<TopicPartitionOffset> offsets)
    {
        var partitions = offsets.ConvertAll(offset => offset.TopicPartition);
        partitions.ForEach(_lag.Forget);
        _progress.Ignore(partitions);
        return partitions;
    }

    private long? EndOffsetOf(TopicPartition partition)
    {
        try
        {
            var end = _consumer.GetWatermarkOffsets(partition).High;
            return end == Offset.Unset ? null : end.Value;
        }
        catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
        {
            return null;
        }
    }

    // Partition n of several inputs must meet in one member: range gives all of them to the same, cooperative-sticky need not.
    internal static PartitionAssignmentStrategy StrategyOf(Topology topology) =>
        topology.Inputs.Count > 1 ? PartitionAssignmentStrategy.Range : PartitionAssignmentStrategy.CooperativeSticky;

    internal static ConsumerConfig ConfigOf(Topology topology, KafkaConnection connection, ProcessingOptions options)
    {
        var config = connection.Consumer();
        config.GroupId = topology.GroupId;
        config.ClientId = topology.GroupId;
        if (options.InstanceId.Length > 0)
            config.GroupInstanceId = GroupInstanceIdOf(topology, options);
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.EnablePartitionEof = true;
        config.SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds;
        config.HeartbeatIntervalMs = config.SessionTimeoutMs / 4;
        config.PartitionAssignmentStrategy = StrategyOf(topology);
        config.QueuedMinMessages = FetchedAheadRecords;
        config.QueuedMaxMessagesKbytes = FetchedAheadKilobytes;
        config.Set("fetch.queue.backoff.ms", FetchBackoffMs.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return config;
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "Kafka consumer {Of}: {Code} (fatal: {IsFatal})")]
    private partial void ClientError(string of, string code, bool isFatal);

    [LoggerMessage(EventId = 121, Level = LogLevel.Debug, Message = "{Facility}: {Text}")]
    private partial void ClientLog(string facility, string text);
}
