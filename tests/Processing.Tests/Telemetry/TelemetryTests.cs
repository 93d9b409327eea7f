using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Commerce.Streaming.Processing.Telemetry;
using Commerce.Streaming.Processing.Testing;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Tests.Telemetry;

/// <summary>Names and meaning of what dashboards are built on.</summary>
public sealed class TelemetryTests
{
    private const string Sampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Topology _topology = new CountingTopology("telemetry.count").Build();

    [Fact]
    public void Outputs_go_on_with_the_trace_of_their_input_in_a_span_of_their_own()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MessagingNames.Instruments,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var telemetry = new TopologyTelemetry(_topology, new LagTracker(_clock));

        using var trace = telemetry.StartProcess(Record(new Headers { { "traceparent", Encoding.ASCII.GetBytes(Sampled) } }));

        var activity = Activity.Current.ShouldNotBeNull();
        activity.ParentId.ShouldBe(Sampled);
        activity.GetTagItem("messaging.destination.name").ShouldBe("telemetry.count.in");
        activity.GetTagItem("messaging.consumer.group.name").ShouldBe("commerce.telemetry.count");
        Encoding.ASCII.GetString(trace.Outgoing!.GetLastBytes("traceparent")).ShouldBe(activity.Id);
    }

    [Fact]
    public void Without_a_listener_the_trace_is_handed_on_as_it_came_and_without_a_trace_nothing_is_sent()
    {
        using var telemetry = new TopologyTelemetry(_topology, new LagTracker(_clock));

        using var traced = telemetry.StartProcess(Record(new Headers { { "traceparent", Encoding.ASCII.GetBytes(Sampled) } }));
        using var untraced = telemetry.StartProcess(Record([]));

        Encoding.ASCII.GetString(traced.Outgoing!.GetLastBytes("traceparent")).ShouldBe(Sampled);
        untraced.Outgoing.ShouldBeNull();
    }

    [Fact]
    public void Records_commits_aborts_and_dead_letters_are_counted_under_their_names()
    {
        var seen = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = Listen(seen);
        using var telemetry = new TopologyTelemetry(_topology, new LagTracker(_clock));

        telemetry.Processed(Record([]), deadLetterReason: null, TimeSpan.FromMilliseconds(2));
        telemetry.Processed(Record([]), DeadLetterReasons.Handler, TimeSpan.FromMilliseconds(2));
        telemetry.Committed([new TopicPartitionOffset("telemetry.count.in", 0, 2)], TimeSpan.FromMilliseconds(5));
        telemetry.Aborted(AbortCauses.Rebalance);

        seen["messaging.client.consumed.messages"].ShouldBe(2);
        seen["messaging.process.duration"].ShouldBe(0.004, tolerance: 1e-9);
        seen["commerce.processing.dead_letters"].ShouldBe(1);
        seen["commerce.processing.commits"].ShouldBe(1);
        seen["commerce.processing.commit.duration"].ShouldBe(0.005, tolerance: 1e-9);
        seen["commerce.processing.aborts"].ShouldBe(1);
    }

    [Fact]
    public void Lag_is_what_waits_and_since_when()
    {
        var partition = new TopicPartition("telemetry.count.in", 0);
        var lag = new LagTracker(_clock) { EndOffsetOf = _ => 100 };
        lag.Committed(partition, next: 90, lastTimestamp: _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(30));
        lag.Read().ShouldBe([(partition, 10L, 30.0)]);

        // Only a commit marker is left behind the last record: once that is committed, nothing waits.
        lag.Taken(partition, 98, new Timestamp(_clock.GetUtcNow()));
        lag.ReachedEnd(partition, 100);
        lag.Read().ShouldBe([(partition, 10L, 30.0)]);
        lag.Committed(partition, next: 99, lastTimestamp: _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(30));
        lag.Read().ShouldBe([(partition, 0L, 0.0)]);

        lag.Forget(partition);
        lag.Read().ShouldBeEmpty();
    }

    [Fact]
    public void What_waits_in_a_partition_that_comes_waits_since_it_was_written()
    {
        var partition = new TopicPartition("telemetry.count.in", 0);
        var lag = new LagTracker(_clock) { EndOffsetOf = _ => 100 };
        var written = new Timestamp(_clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(600));
        lag.Started(partition, next: 90);
        lag.Read().ShouldBe([(partition, 10L, 0.0)]);

        lag.Taken(partition, 90, written);
        lag.Read().ShouldBe([(partition, 10L, 600.0)]);
    }

    [Fact]
    public void After_an_idle_hour_the_next_record_has_not_waited_for_an_hour()
    {
        var partition = new TopicPartition("telemetry.count.in", 0);
        var end = 100;
        var lag = new LagTracker(_clock) { EndOffsetOf = _ => end };
        lag.Committed(partition, next: 100, lastTimestamp: _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromHours(1));
        lag.Read().ShouldBe([(partition, 0L, 0.0)]);

        end = 101;
        _clock.Advance(TimeSpan.FromSeconds(2));
        lag.Read().ShouldBe([(partition, 1L, 2.0)]);
    }

    [Theory]
    [InlineData(ErrorCode.IllegalGeneration, "rebalance")]
    [InlineData(ErrorCode.InvalidProducerEpoch, "fenced")]
    [InlineData(ErrorCode.Local_MsgTimedOut, "timeout")]
    [InlineData(ErrorCode.NotEnoughReplicas, "broker")]
    public void An_abort_has_a_cause_from_a_small_set(ErrorCode code, string cause) => AbortCauses.Of(code).ShouldBe(cause);

    private static MeterListener Listen(Dictionary<string, double> seen)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == MessagingNames.Instruments)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(seen, instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(seen, instrument.Name, value));
        listener.Start();
        return listener;
    }

    private static void Add(Dictionary<string, double> seen, string name, double value) =>
        seen[name] = seen.GetValueOrDefault(name) + value;

    private static InputRecord Record(Headers headers) => new()
    {
        TopicPartitionOffset = new TopicPartitionOffset("telemetry.count.in", 0, 1),
        Message = new Message<byte[]?, byte[]?> { Timestamp = new Timestamp(0, TimestampType.CreateTime), Headers = headers },
    };
}
