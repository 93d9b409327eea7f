using System.Globalization;
using Avro.Specific;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.FetchWatch;
using Commerce.Streaming.ServiceDefaults;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.CompactedTopics;

/// <summary>
/// Reads a whole compacted topic into an <see cref="ICompactedView{T}"/> and follows it. Every instance reads every partition;
/// nothing is committed, a restart reads from the beginning.
/// </summary>
public sealed class CompactedTopicReader<T>(
    Topic<T> topic,
    ICompactedView<T> view,
    IOptions<KafkaOptions> kafka,
    IOptions<CompactedTopicOptions> options,
    ISchemaRegistryClient registry,
    TimeProvider time,
    ILogger<CompactedTopicReader<T>> logger) : BackgroundService
    where T : class, ISpecificRecord
{
    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(5);
    private readonly IDeserializer<T> _deserializer = new AvroDeserializer<T>(
        registry, new AvroDeserializerConfig { SubjectNameStrategy = SubjectNameStrategy.Topic }).AsSyncOverAsync();
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReadingProgress _progress = new(time, options.Value);
    private volatile string _reason = $"{topic.Name} has not been read yet";
    private readonly TaskCompletionSource<TopicPartition[]> _assigned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null while the view is complete and not older than <see cref="CompactedTopicOptions.StaleSecondsMax"/>, else what is wrong.</summary>
    public string? ReasonNotReady =>
        !_progress.HasCaughtUp ? _reason
        : _progress.IsStale ? string.Create(
            CultureInfo.InvariantCulture, $"{topic.Name} has not been read to its end for {_progress.Age!.Value.TotalSeconds:0} s ({_progress.Behind} partitions behind)")
        : null;

    /// <summary>Null unless the reader no longer gets what Kafka says is there; then the process is better started anew.</summary>
    public string? ReasonNotLive => _progress.IsStuck ? $"{topic.Name} delivers nothing though there is more" : null;

    /// <summary>Completes when the view holds everything that was in the topic at the start.</summary>
    public Task CaughtUp => _caughtUp.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var asking = AskForEndsAsync(ended.Token);
        try
        {
            await Task.Factory.StartNew(() => Follow(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            await ended.CancelAsync();
            await asking;
        }
    }

    private void Follow(CancellationToken stopping)
    {
        using var consumer = Build();
        try
        {
            _assigned.TrySetResult(AssignAll(consumer, stopping));
            while (!stopping.IsCancellationRequested)
                Step(consumer, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops; there is nothing to commit.
        }
        finally
        {
            consumer.Close();
        }
    }

    private void Step(IConsumer<string, byte[]?> consumer, CancellationToken stopping)
    {
        ConsumeResult<string, byte[]?>? record;
        try
        {
            record = consumer.Consume(PollWait);
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            CompactedTopicLog.ConsumeFailed(logger, topic.Name, failure.Error.Reason);
            stopping.WaitHandle.WaitOne(RetryDelay);
            return;
        }

        if (record is null)
            return;
        if (!record.IsPartitionEOF && record.Message.Key is { } key && TryRead(record, stopping, out var value))
            view.Apply(key, value);
        // At the end of a partition the offset is that of the next record, beyond whatever ended the last transaction.
        _progress.Read(record.Partition.Value, record.IsPartitionEOF ? record.Offset.Value : record.Offset.Value + 1);
        NoteCaughtUp();
    }

    /// <summary>An end that nobody tells us counts as not reached: then the view grows old.</summary>
    private async Task AskForEndsAsync(CancellationToken ended)
    {
        using var ends = TopicEnds.Of(kafka.Value.ToClientProperties(), message => CompactedTopicLog.Client(logger, message));
        try
        {
            var partitions = await _assigned.Task.WaitAsync(ended);
            using var timer = new PeriodicTimer(AskInterval, time);
            do
                await AskOnceAsync(ends, partitions);
            while (await timer.WaitForNextTickAsync(ended));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader has stopped.
        }
    }

    private async Task AskOnceAsync(TopicEnds ends, TopicPartition[] partitions)
    {
        try
        {
            _progress.Ends((await ends.AskAsync(partitions)).ToDictionary(end => end.Key.Partition.Value, end => end.Value));
            NoteCaughtUp();
        }
        catch (KafkaException away)
        {
            CompactedTopicLog.ConsumeFailed(logger, topic.Name, away.Error.Reason);
        }
    }

    private void NoteCaughtUp()
    {
        if (_caughtUp.Task.IsCompleted)
            return;
        if (_progress.HasCaughtUp && _caughtUp.TrySetResult())
            CompactedTopicLog.CaughtUp(logger, topic.Name);
        else
            _reason = $"{topic.Name} is still being read: {_progress.Behind} partitions to go";
    }

    /// <summary>An unreadable record is skipped, loudly; a registry that does not answer is waited for.</summary>
    private bool TryRead(ConsumeResult<string, byte[]?> record, CancellationToken stopping, out T? value)
    {
        value = null;
        if (record.Message.Value is not { } bytes)
            return true;
        while (true)
        {
            try
            {
                value = _deserializer.Deserialize(bytes, isNull: false, new SerializationContext(MessageComponentType.Value, topic.Name));
                return true;
            }
            catch (HttpRequestException away)
            {
                _reason = $"the schema registry does not answer: {away.Message}";
                CompactedTopicLog.RegistryAway(logger, away.Message);
                stopping.WaitHandle.WaitOne(RetryDelay);
                stopping.ThrowIfCancellationRequested();
            }
            catch (Exception unreadable)
            {
                CompactedTopicLog.Unreadable(logger, topic.Name, record.Partition.Value, record.Offset.Value, unreadable.GetType().Name);
                return false;
            }
        }
    }

    private TopicPartition[] AssignAll(IConsumer<string, byte[]?> consumer, CancellationToken stopping)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                var found = admin.GetMetadata(topic.Name, MetadataTimeout).Topics.Single();
                if (!found.Error.IsError && found.Partitions.Count > 0)
                {
                    TopicPartition[] partitions = [.. found.Partitions.Select(partition => new TopicPartition(topic.Name, partition.PartitionId))];
                    consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
                    return partitions;
                }

                _reason = $"topic {topic.Name} does not exist; provisioning creates it";
            }
            catch (KafkaException away)
            {
                _reason = $"Kafka does not answer: {away.Error.Reason}";
            }

            stopping.WaitHandle.WaitOne(RetryDelay);
        }
    }

    private IConsumer<string, byte[]?> Build()
    {
        var settings = new ConsumerConfig(kafka.Value.ToClientProperties())
        {
            // Needed by the client; without subscription and commits no group comes into being.
            GroupId = "commerce.unused",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,
            EnablePartitionEof = true,
            AllowAutoCreateTopics = false,
        };
        return new ConsumerBuilder<string, byte[]?>(settings)
            .SetValueDeserializer(Deserializers.ByteArray!)
            .SetLogHandler((_, message) => CompactedTopicLog.Client(logger, message.Message))
            .SetErrorHandler((_, error) => CompactedTopicLog.Client(logger, error.Reason))
            .Build();
    }
}
