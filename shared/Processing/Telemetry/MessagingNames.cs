namespace Commerce.Streaming.Processing.Telemetry;

/// <summary>
/// OpenTelemetry's messaging names (semantic conventions 1.44, status Development) in one place, for they still move; docs/metrics.md
/// explains them to those who build dashboards.
/// </summary>
internal static class MessagingNames
{
    public const string Instruments = "Commerce.Streaming.Processing";

    public const string ProcessDuration = "messaging.process.duration";
    public const string ConsumedMessages = "messaging.client.consumed.messages";

    // No convention exists for these.
    public const string Commits = "commerce.processing.commits";
    public const string CommitDuration = "commerce.processing.commit.duration";
    public const string Aborts = "commerce.processing.aborts";
    public const string DeadLetters = "commerce.processing.dead_letters";
    public const string Retries = "commerce.processing.retries";
    public const string ParkedKeys = "commerce.processing.parked.keys";
    public const string ParkedLetters = "commerce.processing.parked.letters";
    public const string ParkedAge = "commerce.processing.parked.age";
    public const string RestoreDuration = "commerce.processing.restore.duration";
    public const string RestoredRecords = "commerce.processing.restore.records";
    public const string Rebalances = "commerce.processing.rebalances";
    public const string Rebuilds = "commerce.processing.rebuilds";
    public const string Ready = "commerce.processing.ready";
    public const string Restoring = "commerce.processing.restoring";
    public const string LagMessages = "commerce.processing.lag.messages";
    public const string LagSeconds = "commerce.processing.lag.seconds";
    public const string ViewLag = "commerce.processing.view.lag";
    public const string ViewStale = "commerce.processing.view.stale";
    public const string ViewWrites = "commerce.processing.view.writes";
    public const string ViewRebuilds = "commerce.processing.view.rebuilds";

    public const string System = "messaging.system";
    public const string Kafka = "kafka";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Process = "process";
    public const string Poll = "poll";
    public const string Destination = "messaging.destination.name";
    public const string Partition = "messaging.destination.partition.id";
    public const string ConsumerGroup = "messaging.consumer.group.name";
    public const string Offset = "messaging.kafka.offset";
    public const string ErrorType = "error.type";

    public const string Topology = "commerce.topology";
    public const string Reason = "commerce.reason";
    public const string Outcome = "commerce.outcome";
    public const string View = "commerce.view";

    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";
}
