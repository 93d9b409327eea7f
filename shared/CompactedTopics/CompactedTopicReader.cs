using Avro.Specific;
using Commerce.Streaming.Contracts;
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
    ISchemaRegistryClient registry,
    ILogger<CompactedTopicReader<T>> logger) : BackgroundService
    where T : class, ISpecificRecord
{
    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private readonly IDeserializer<T> _deserializer = new AvroDeserializer<T>(
        registry, new AvroDeserializerConfig { SubjectNameStrategy = SubjectNameStrategy.Topic }).AsSyncOverAsync();
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _reason = $"{topic.Name} has not been read yet";

    /// <summary>Null once the view holds everything that was in the topic at the start, else what is missing.</summary>
    public string? ReasonNotReady => _caughtUp.Task.IsCompletedSuccessfully ? null : _reason;

    /// <summary>Completes when the view holds everything that was in the topic at the start.</summary>
    public Task CaughtUp => _caughtUp.Task;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Follow(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Follow(CancellationToken stopping)
    {
        using var consumer = Build();
        try
        {
            var behind = AssignAll(consumer, stopping);
            while (!stopping.IsCancellationRequested)
                Step(consumer, behind, stopping);
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

    private void Step(IConsumer<string, byte[]?> consumer, HashSet<int> behind, CancellationToken stopping)
    {
        ConsumeResult<string, byte[]?> record;
        try
        {
            record = consumer.Consume(stopping);
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            CompactedTopicLog.ConsumeFailed(logger, topic.Name, failure.Error.Reason);
            stopping.WaitHandle.WaitOne(RetryDelay);
            return;
        }

        if (record.IsPartitionEOF)
            ReachedEnd(behind, record.Partition.Value);
        else if (record.Message.Key is { } key && TryRead(record, stopping, out var value))
            view.Apply(key, value);
    }

    private void ReachedEnd(HashSet<int> behind, int partition)
    {
        if (!behind.Remove(partition))
            return;
        _reason = $"{topic.Name} is still being read: {behind.Count} partitions to go";
        if (behind.Count == 0 && _caughtUp.TrySetResult())
            CompactedTopicLog.CaughtUp(logger, topic.Name);
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

    private HashSet<int> AssignAll(IConsumer<string, byte[]?> consumer, CancellationToken stopping)
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
                    consumer.Assign(found.Partitions.Select(partition => new TopicPartitionOffset(topic.Name, partition.PartitionId, Offset.Beginning)));
                    return [.. found.Partitions.Select(partition => partition.PartitionId)];
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
