using System.Diagnostics;
using System.Text;
using Commerce.Streaming.TopicWriting;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>
/// The last span of an event's trace: from when its batch began to load until its rows were committed. One for each sampled record,
/// so that a trace ends in Postgres; the batch, which many traces share, has none of its own.
/// </summary>
internal static class SinkTraces
{
    public const string SourceName = "Commerce.Streaming.Warehouse";

    /// <summary>Of one batch, at most: a replay that is sampled as a whole must not spend its time on spans.</summary>
    private const int SpansPerBatchMax = 256;

    private static readonly ActivitySource Source = new(SourceName);

    public static void Loaded(IReadOnlyList<SinkRecord> records, DateTimeOffset began, DateTimeOffset committed, string group)
    {
        if (!Source.HasListeners())
            return;
        var spans = 0;
        for (var i = 0; i < records.Count && spans < SpansPerBatchMax; i++)
        {
            if (ParentOf(records[i].Raw.Message.Headers) is not { } parent)
                continue;
            spans++;
            using var span = Source.StartActivity("load " + records[i].Raw.Topic, ActivityKind.Consumer, parent, startTime: began);
            if (span is null)
                continue;
            Describe(span, records[i], records.Count, group);
            span.SetEndTime(committed.UtcDateTime);
        }
    }

    // Names of OpenTelemetry's messaging and database conventions.
    private static void Describe(Activity span, SinkRecord record, int batchSize, string group)
    {
        span.SetTag("messaging.system", "kafka");
        span.SetTag("messaging.operation.name", "load");
        span.SetTag("messaging.operation.type", "process");
        span.SetTag("messaging.destination.name", record.Raw.Topic);
        span.SetTag("messaging.destination.partition.id", record.Raw.Partition.Value);
        span.SetTag("messaging.kafka.offset", record.Raw.Offset.Value);
        span.SetTag("messaging.consumer.group.name", group);
        span.SetTag("messaging.batch.message_count", batchSize);
        span.SetTag("db.system.name", "postgresql");
        if (record.Failure is { } failure)
            span.SetStatus(ActivityStatusCode.Error, failure.Reason);
    }

    private static ActivityContext? ParentOf(Headers? headers)
    {
        if (headers is null || !headers.TryGetLastBytes(TraceHeaders.TraceParent, out var parent))
            return null;
        var state = headers.TryGetLastBytes(TraceHeaders.TraceState, out var bytes) ? Encoding.ASCII.GetString(bytes) : null;
        return ActivityContext.TryParse(Encoding.ASCII.GetString(parent), state, isRemote: true, out var context)
            && context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? context : null;
    }
}
