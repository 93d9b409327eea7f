using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Commerce.Streaming.Warehouse.Sink;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Tests;

/// <summary>A trace that began with an HTTP request ends with the commit of its rows.</summary>
public sealed class SinkTraceTests
{
    private static readonly DateTimeOffset Began = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();

    [Fact]
    public void Each_sampled_record_of_a_batch_gets_a_span_from_load_to_commit()
    {
        var spans = Load(Record(offset: 4, $"00-{_trace}-b7ad6b7169203331-01"), Record(offset: 5, parent: null));
        var span = spans.ShouldHaveSingleItem();
        span.ParentSpanId.ToHexString().ShouldBe("b7ad6b7169203331");
        (span.StartTimeUtc, span.Duration).ShouldBe((Began.UtcDateTime, TimeSpan.FromMilliseconds(80)));
        span.GetTagItem("messaging.kafka.offset").ShouldBe(4L);
        span.GetTagItem("messaging.batch.message_count").ShouldBe(2);
    }

    [Theory]
    [InlineData("00-{0}-b7ad6b7169203331-00", "sampled upstream: no")]
    [InlineData("no trace context at all", "header: broken")]
    public void Others_get_none(string parent, string why) =>
        Load(Record(offset: 1, parent.Replace("{0}", _trace.ToHexString(), StringComparison.Ordinal))).ShouldBeEmpty(why);

    private IReadOnlyCollection<Activity> Load(params SinkRecord[] records)
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SinkTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        SinkTraces.Loaded(records, Began, Began.AddMilliseconds(80), "commerce.warehouse.sink");
        return [.. stopped.Where(span => span.TraceId == _trace)];
    }

    private static SinkRecord Record(long offset, string? parent)
    {
        var headers = new Headers();
        if (parent is not null)
            headers.Add("traceparent", Encoding.ASCII.GetBytes(parent));
        var raw = new ConsumeResult<byte[]?, byte[]?>
        {
            Topic = "commerce.orders.completed.v1",
            Partition = 0,
            Offset = offset,
            Message = new Message<byte[]?, byte[]?> { Headers = headers },
        };
        return new SinkRecord(raw, Statement: null, Failure: null);
    }
}
