using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Runtime;
using Commerce.Streaming.Processing.Telemetry;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Processing.Kafka;

/// <summary>
/// The transactional producer of a topology. Errors come out as one of two: <see cref="TransactionAbortedException"/> (abort, do it
/// again) or <see cref="TopologyFailedException"/> (the run ends, another begins). A fenced producer is of the second kind: somebody else
/// has our name or the broker has given us up, so what we hold is doubtful, and a start from the committed state takes a second.
/// </summary>
internal sealed partial class KafkaTransactions : ITransactionLog
{
    private static readonly TimeSpan OperationTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QueueFullWait = TimeSpan.FromMilliseconds(5);

    private readonly IProducer<byte[], byte[]?> _producer;
    private readonly ProcessingOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly List<PositionReport> _reports = [];
    private DateTimeOffset? _changedAt;

    public KafkaTransactions(
        Topology topology, KafkaConnection connection, ProcessingOptions options, TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        _options = options;
        _clock = clock;
        _logger = logger;
        _stopping = stopping;
        _producer = new ProducerBuilder<byte[], byte[]?>(ConfigOf(topology, connection, options))
            .SetKeySerializer(Serializers.ByteArray)
            .SetValueSerializer(Serializers.ByteArray!)
            .SetErrorHandler((_, error) => ClientError(topology.Name, error.Code.ToString(), error.IsFatal))
            .SetLogHandler((_, message) => ClientLog(message.Facility, message.Message))
            .Build();
    }

    /// <summary>For an admin client on the same connections.</summary>
    public Handle Handle => _producer.Handle;

    /// <summary>Ends what a former process of our name left open, and fences it.</summary>
    public void Initialize() => Retry("InitTransactions", () => _producer.InitTransactions(OperationTimeout));

    public void Begin()
    {
        _reports.Clear();
        _changedAt = null;
        Retry("BeginTransaction", _producer.BeginTransaction);
    }

    public void Send(in OutputRecord record)
    {
        var message = new Message<byte[], byte[]?>
        {
            Key = record.Key,
            Value = record.Value,
            Timestamp = new Timestamp(record.Timestamp),
            Headers = record.Headers,
        };
        var target = new TopicPartition(record.Topic, record.Partition is { } partition ? new Partition(partition) : Partition.Any);
        Produce(target, message, report: null);
    }

    public void SendChange(in ChangelogWrite write, bool reportPosition)
    {
        // One time for all changes of a commit: whoever goes back to a moment has each commit whole or not at all.
        _changedAt ??= _clock.GetUtcNow();
        var message = new Message<byte[], byte[]?> { Key = write.KeyBytes, Value = write.Value, Timestamp = new Timestamp(_changedAt.Value) };
        var target = new TopicPartition(write.Store.Changelog.Name, write.Partition);
        if (!reportPosition)
        {
            Produce(target, message, report: null);
            return;
        }

        var report = new PositionReport(write.Store);
        _reports.Add(report);
        Produce(target, message, report.Handler);
    }

    public void Commit(IReadOnlyList<TopicPartitionOffset> offsets, IConsumerGroupMetadata membership)
    {
        Retry("SendOffsetsToTransaction", () => _producer.SendOffsetsToTransaction(offsets, membership, OperationTimeout));
        // It flushes first and returns only when every delivery report has been served.
        Retry("CommitTransaction", () => _producer.CommitTransaction(OperationTimeout));
        foreach (var report in _reports)
            report.Apply();
    }

    public void Abort() => Retry("AbortTransaction", () => _producer.AbortTransaction(OperationTimeout));

    // The client has no thread of its own for this: see the producer's settings.
    public void ServeErrors() => _producer.Poll(TimeSpan.Zero);

    public void Dispose() => _producer.Dispose();

    private void Produce(TopicPartition target, Message<byte[], byte[]?> message, Action<DeliveryReport<byte[], byte[]?>>? report)
    {
        while (true)
        {
            try
            {
                _producer.Produce(target, message, report);
                return;
            }
            catch (KafkaException full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Poll(QueueFullWait);
            }
            catch (KafkaException failure)
            {
                throw Translate("Produce", failure);
            }
        }
    }

    private void Retry(string operation, Action call)
    {
        var started = _clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                call();
                return;
            }
            catch (KafkaRetriableException slow) when (_clock.GetElapsedTime(started) < _options.BrokerWaitMax)
            {
                Retrying(operation, attempt, slow.Error.Code.ToString());
                _stopping.WaitHandle.WaitOne(_options.RetryWaitMin);
            }
            catch (KafkaException failure)
            {
                throw Translate(operation, failure);
            }
        }
    }

    private static Exception Translate(string operation, KafkaException failure) => failure switch
    {
        _ when failure.Error.IsFatal => Failed(operation, failure),
        KafkaTxnRequiresAbortException => Aborted(operation, failure),
        // Produce does not say that the transaction must be aborted; every error it has left does.
        _ when operation == "Produce" => Aborted(operation, failure),
        _ => Failed(operation, failure),
    };

    private static TransactionAbortedException Aborted(string operation, KafkaException failure) =>
        new($"{operation}: {failure.Error.Code}", failure) { Cause = AbortCauses.Of(failure.Error.Code) };

    private static TopologyFailedException Failed(string operation, KafkaException failure) =>
        new($"{operation}: {failure.Error.Code}", failure)
        {
            Reason = failure.Error.Code.ToString(),
            AbortCause = AbortCauses.Of(failure.Error.Code),
            IsFenced = failure.Error.Code is ErrorCode.Local_Fenced or ErrorCode.InvalidProducerEpoch or ErrorCode.ProducerFenced,
        };

    private static ProducerConfig ConfigOf(Topology topology, KafkaConnection connection, ProcessingOptions options)
    {
        var config = connection.Producer();
        var instance = options.InstanceId.Length > 0 ? options.InstanceId : Environment.MachineName;
        config.ClientId = topology.GroupId;
        config.TransactionalId = topology.GroupId + "." + instance;
        config.TransactionTimeoutMs = (int)options.TransactionTimeout.TotalMilliseconds;
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        config.Partitioner = Partitioner.Murmur2Random;
        config.MessageMaxBytes = options.RecordBytesMax + EnvelopeBytes;
        config.DeliveryReportFields = "none";
        // A commit waits for delivery reports in slices of 10 ms. Were another thread to take them, it would sleep a slice to its end.
        config.EnableBackgroundPoll = false;
        // When every connection is lost at once (an idle hour, a restarted broker), librdkafka's default strategy discards the brokers it
        // knows, yet sends the next offsets through the discarded one: the call waits for ever, and the broker fences us meanwhile.
        config.MetadataRecoveryStrategy ??= MetadataRecoveryStrategy.None;
        return config;
    }

    /// <summary>Key, headers and framing beside a value of the largest size.</summary>
    private const int EnvelopeBytes = 64 * 1024;

    /// <summary>Carries the offset of a delivery report to the store.</summary>
    private sealed class PositionReport(StateStore store)
    {
        private long _offset = -1;

        // Within the commit, which waits for the reports.
        public void Handler(DeliveryReport<byte[], byte[]?> report) =>
            Volatile.Write(ref _offset, report.Error.IsError ? -1 : report.Offset.Value);

        public void Apply()
        {
            var offset = Volatile.Read(ref _offset);
            if (offset < 0)
                throw new TopologyFailedException($"a committed change of {store.Name} has no offset");
            store.ChangelogPosition = offset + 1;
        }
    }

    [LoggerMessage(EventId = 130, Level = LogLevel.Warning, Message = "Kafka producer {Of}: {Code} (fatal: {IsFatal})")]
    private partial void ClientError(string of, string code, bool isFatal);

    [LoggerMessage(EventId = 131, Level = LogLevel.Debug, Message = "{Facility}: {Text}")]
    private partial void ClientLog(string facility, string text);

    [LoggerMessage(EventId = 132, Level = LogLevel.Warning, Message = "{Operation} is tried again (attempt {Attempt}): {Code}")]
    private partial void Retrying(string operation, int attempt, string code);
}
