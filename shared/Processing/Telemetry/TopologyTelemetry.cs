using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Telemetry;

/// <summary>Metrics and traces of one topology. Without listeners every call costs nanoseconds.</summary>
internal sealed class TopologyTelemetry : IDisposable
{
    private static readonly ActivitySource Traces = new(MessagingNames.Instruments);
    private static readonly Meter Meter = new(MessagingNames.Instruments);

    private static readonly Histogram<double> ProcessDuration = Meter.CreateHistogram(
        MessagingNames.ProcessDuration, "s", "Time to process one record.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5] });

    private static readonly Counter<long> Consumed = Meter.CreateCounter<long>(MessagingNames.ConsumedMessages, "{message}", "Records processed.");
    private static readonly Counter<long> Commits = Meter.CreateCounter<long>(MessagingNames.Commits, "{transaction}", "Transactions committed.");
    private static readonly Counter<long> Aborts = Meter.CreateCounter<long>(MessagingNames.Aborts, "{transaction}", "Transactions aborted, by cause.");
    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>(MessagingNames.DeadLetters, "{message}", "Records made dead letters.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        MessagingNames.Retries, "{retry}", "Dead letters given back: done, failed, skipped, duplicate or early.");

    private static readonly Counter<long> Rebalances = Meter.CreateCounter<long>(
        MessagingNames.Rebalances, "{rebalance}", "Changes of assignment: assigned, revoked or lost.");

    private static readonly Counter<long> Rebuilds = Meter.CreateCounter<long>(
        MessagingNames.Rebuilds, "{rebuild}", "Times that the clients were built anew after a failure.");

    private static readonly Histogram<double> CommitDuration = Meter.CreateHistogram(
        MessagingNames.CommitDuration, "s", "Time from the end of a batch to its commit.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 10] });

    private static readonly Histogram<double> RestoreDuration = Meter.CreateHistogram<double>(
        MessagingNames.RestoreDuration, "s", "Time to restore the state of newly assigned partitions.");

    private static readonly Counter<long> RestoredRecords = Meter.CreateCounter<long>(
        MessagingNames.RestoredRecords, "{message}", "Changelog records read to restore state.");

    // Of this run alone: gauges that ask it must go with it.
    private readonly Meter _gauges = new(MessagingNames.Instruments);
    private readonly Topology _topology;
    private readonly KeyValuePair<string, object?> _topologyTag;
    private readonly Dictionary<string, TagList> _tagsByTopic = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Topic, int Partition), long> _lastTimestampsMs = [];
    private volatile int _restoring;

    public TopologyTelemetry(Topology topology, LagTracker lag)
    {
        _topology = topology;
        Lag = lag;
        _topologyTag = new KeyValuePair<string, object?>(MessagingNames.Topology, topology.Name);
        _gauges.CreateObservableGauge(MessagingNames.LagMessages, () => Observe(entry => entry.Messages), "{message}", "Records that wait.");
        if (topology.Lines is not null)
            Parked = new ParkedTelemetry(_gauges, topology.Name, lag.Clock);
        _gauges.CreateObservableGauge(MessagingNames.LagSeconds, () => Observe(entry => entry.Seconds), "s", "Age of the oldest record that waits.");
        _gauges.CreateObservableGauge(
            MessagingNames.Restoring, () => new Measurement<int>(_restoring, _topologyTag), "{partition}", "Partitions whose state is being restored.");
    }

    public LagTracker Lag { get; }

    /// <summary>Null for topologies that take no letters back.</summary>
    public ParkedTelemetry? Parked { get; }

    public ProcessTrace StartProcess(InputRecord record) =>
        ProcessTrace.Start(
            Traces, _topology.GroupId, record.Message.Headers, record.Topic, record.Partition.Value, record.Offset.Value);

    public void Processed(InputRecord record, string? deadLetterReason, TimeSpan duration)
    {
        _lastTimestampsMs[(record.Topic, record.Partition.Value)] = record.Message.Timestamp.UnixTimestampMs;
        if (ProcessDuration.Enabled)
            ProcessDuration.Record(duration.TotalSeconds, TagsOf(record.Topic));
        if (Consumed.Enabled)
            Consumed.Add(1, TagsOf(record.Topic));
        if (deadLetterReason is not null)
            DeadLetters.Add(1, _topologyTag, new(MessagingNames.Destination, record.Topic), new(MessagingNames.Reason, deadLetterReason));
    }

    /// <param name="outcome">done, failed, skipped, duplicate or early.</param>
    public void Retried(string outcome) => Retries.Add(1, _topologyTag, new(MessagingNames.Outcome, outcome));

    public void Committed(IReadOnlyList<TopicPartitionOffset> offsets, TimeSpan duration)
    {
        Commits.Add(1, _topologyTag);
        CommitDuration.Record(duration.TotalSeconds, _topologyTag);
        foreach (var offset in offsets)
        {
            if (_lastTimestampsMs.TryGetValue((offset.Topic, offset.Partition.Value), out var timestamp))
                Lag.Committed(offset.TopicPartition, offset.Offset.Value, DateTimeOffset.FromUnixTimeMilliseconds(timestamp));
        }
    }

    /// <param name="cause">One of <see cref="AbortCauses"/>.</param>
    public void Aborted(string cause) => Aborts.Add(1, _topologyTag, new(MessagingNames.Reason, cause));

    /// <summary>So many partitions wait for their state now.</summary>
    public void Restoring(int partitions) => _restoring = partitions;

    /// <param name="how">assigned, revoked or lost.</param>
    public void Rebalanced(string how) => Rebalances.Add(1, _topologyTag, new(MessagingNames.Reason, how));

    /// <param name="reason">A Kafka error code, or the kind of failure.</param>
    public static void Rebuilt(string topology, string reason) =>
        Rebuilds.Add(1, new(MessagingNames.Topology, topology), new(MessagingNames.Reason, reason));

    public void Restored(long records, TimeSpan duration)
    {
        RestoredRecords.Add(records, _topologyTag);
        RestoreDuration.Record(duration.TotalSeconds, _topologyTag);
    }

    public void Dispose() => _gauges.Dispose();

    private IEnumerable<Measurement<double>> Observe(Func<(TopicPartition Partition, long Messages, double Seconds), double> select) =>
        Lag.Read().Select(entry => new Measurement<double>(
            select(entry),
            _topologyTag,
            new(MessagingNames.Destination, entry.Partition.Topic),
            new(MessagingNames.Partition, entry.Partition.Partition.Value)));

    private TagList TagsOf(string topic)
    {
        if (!_tagsByTopic.TryGetValue(topic, out var tags))
        {
            tags = new TagList
            {
                { MessagingNames.System, MessagingNames.Kafka },
                { MessagingNames.OperationName, MessagingNames.Process },
                { MessagingNames.Destination, topic },
                { MessagingNames.ConsumerGroup, _topology.GroupId },
            };
            _tagsByTopic.Add(topic, tags);
        }

        return tags;
    }
}
