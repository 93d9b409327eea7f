using Commerce.Streaming.FetchWatch;
using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>Cuts the stream of records into batches: by number, bytes and time. Owned by the consuming thread.</summary>
internal sealed class BatchCollector(
    SinkState state, FetchProgress progress, IOptions<SinkOptions> options, TimeProvider clock, ILogger<BatchCollector> logger)
{
    /// <summary>How long a poll waits when there is nothing.</summary>
    private static readonly TimeSpan IdlePoll = TimeSpan.FromMilliseconds(250);

    private readonly SinkOptions _options = options.Value;
    private readonly List<ConsumeResult<byte[]?, byte[]?>> _batch = [];
    private readonly Dictionary<TopicPartition, long> _ends = [];
    private readonly RareLog _complaints = new(clock);
    private long _bytes;

    /// <summary>The next batch; empty when there was nothing within <see cref="IdlePoll"/>.</summary>
    /// <exception cref="KafkaException">The consumer cannot go on.</exception>
    public IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> Collect(IConsumer<byte[]?, byte[]?> consumer, CancellationToken cancellationToken)
    {
        _batch.Clear();
        _ends.Clear();
        _bytes = 0;
        var wait = IdlePoll;
        long? started = null;
        while (_batch.Count < _options.BatchRecordsMax && _bytes < _options.BatchBytesMax && !cancellationToken.IsCancellationRequested)
        {
            var record = Poll(consumer, wait);
            if (record is { IsPartitionEOF: true })
                ReachedEnd(consumer, record);
            else if (record is not null)
                Add(record, ref started);
            else if (started is null)
                break;
            if (started is { } start)
            {
                wait = TimeSpan.FromMilliseconds(_options.LingerMs) - clock.GetElapsedTime(start);
                if (wait <= TimeSpan.Zero)
                    break;
            }
        }

        return [.. _batch];
    }

    /// <summary>Records of partitions that are no longer ours are not for us to load.</summary>
    public void Drop(IReadOnlyCollection<TopicPartition> revoked) =>
        _batch.RemoveAll(record => revoked.Contains(record.TopicPartition));

    /// <summary>The batch is loaded: notes how far that leads, for reports and for Kafka's own.</summary>
    public void Loaded(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> batch)
    {
        foreach (var last in batch.GroupBy(record => record.TopicPartition).Select(partition => partition.Last()))
            Moved(
                consumer, last.TopicPartition, Math.Max(last.Offset.Value + 1, _ends.GetValueOrDefault(last.TopicPartition)),
                new DateTimeOffset(last.Message.Timestamp.UtcDateTime, TimeSpan.Zero));
    }

    private ConsumeResult<byte[]?, byte[]?>? Poll(IConsumer<byte[]?, byte[]?> consumer, TimeSpan wait)
    {
        try
        {
            var record = consumer.Consume(wait);
            if (record is null)
                progress.CameBackEmpty();
            else
                progress.Delivered(record.TopicPartition, record.IsPartitionEOF ? record.Offset.Value : record.Offset.Value + 1);
            return record;
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            // A topic that does not exist yet, or a poll that came late: the client recovers by itself.
            if (_complaints.Passes(failure.Error.Code.ToString(), out var leftOut))
                SinkLog.KafkaError(logger, failure.Error.Reason, fatal: false, leftOut);
            return null;
        }
    }

    private void Add(ConsumeResult<byte[]?, byte[]?> record, ref long? started)
    {
        started ??= clock.GetTimestamp();
        _batch.Add(record);
        _bytes += record.Message.Value?.Length ?? 0;
    }

    // Markers of transactions take offsets, too: only the end of a partition tells that nothing but those is left.
    private void ReachedEnd(IConsumer<byte[]?, byte[]?> consumer, ConsumeResult<byte[]?, byte[]?> end)
    {
        if (_batch.Exists(record => record.TopicPartition == end.TopicPartition))
            _ends[end.TopicPartition] = end.Offset.Value;
        else
            Moved(consumer, end.TopicPartition, end.Offset.Value, lastAt: null);
    }

    private void Moved(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition, long next, DateTimeOffset? lastAt)
    {
        var end = consumer.GetWatermarkOffsets(partition).High.Value;
        state.Moved(partition, next, end, lastAt);
        consumer.StoreOffset(new TopicPartitionOffset(partition, next));
    }
}
