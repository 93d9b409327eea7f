using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>What the sink measures.</summary>
internal static class SinkMetrics
{
    public const string MeterName = "Commerce.Streaming.Warehouse";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Records =
        Meter.CreateCounter<long>("commerce.warehouse.sink.records", "{record}", "Records loaded, dead letters included.");

    private static readonly Histogram<double> BatchDuration = Meter.CreateHistogram(
        "commerce.warehouse.sink.batch.duration", "s", "Time to load one batch, retries included.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Histogram<long> BatchSize = Meter.CreateHistogram(
        "commerce.warehouse.sink.batch.size", "{record}", "Records of one batch.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 10, 100, 1_000, 5_000, 10_000] });

    private static readonly Histogram<double> Freshness = Meter.CreateHistogram(
        "commerce.warehouse.freshness", "s", "Of orders: from the API's answer to the row.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600] });

    private static readonly Counter<long> Retries =
        Meter.CreateCounter<long>("commerce.warehouse.sink.retries", "{retry}", "Batches tried again because the database or the registry was away.");

    private static readonly Counter<long> Fences =
        Meter.CreateCounter<long>("commerce.warehouse.sink.fenced", "{batch}", "Batches dropped because another instance had taken over.");

    private static readonly Counter<long> Stalls =
        Meter.CreateCounter<long>("commerce.warehouse.sink.stalls", "{stall}", "Consumers built anew because they were no longer given what Kafka has.");

    private static readonly Counter<long> DeadLetters =
        Meter.CreateCounter<long>("commerce.warehouse.sink.dead_letters", "{record}", "Records that cannot be loaded, by reason.");

    public static void BatchLoaded(int records, TimeSpan duration)
    {
        Records.Add(records);
        BatchSize.Record(records);
        BatchDuration.Record(duration.TotalSeconds);
    }

    /// <param name="age">Time since the collection API accepted an order that is in the warehouse now.</param>
    public static void OrderLoaded(TimeSpan age) => Freshness.Record(Math.Max(0, age.TotalSeconds));

    public static void Retried() => Retries.Add(1);

    public static void Fenced() => Fences.Add(1);

    public static void Stalled() => Stalls.Add(1);

    public static void DeadLettered(string reason) => DeadLetters.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Registers the lag of what <paramref name="state"/> owns, by partition, and whether it is loaded at all.</summary>
    public static void Observe(SinkState state)
    {
        Meter.CreateObservableGauge(
            "commerce.warehouse.sink.lag",
            () => state.Partitions.Select(partition => new Measurement<long>(partition.Value.End - partition.Value.Position, TagsOf(partition.Key))),
            "{record}", "Records that are in the log and not in the warehouse.");
        Meter.CreateObservableGauge(
            "commerce.warehouse.sink.lag.seconds",
            () => state.Partitions.Select(partition => new Measurement<double>(partition.Value.Seconds, TagsOf(partition.Key))),
            "s", "Age of the oldest record that waits.");
        Meter.CreateObservableGauge(
            "commerce.warehouse.sink.ready", () => state.NotReady is null ? 1 : 0, "{sink}", "1 when the sink loads, 0 while it waits for the database, the registry or its group.");
    }

    private static KeyValuePair<string, object?>[] TagsOf(TopicPartition partition) =>
        [new("messaging.destination.name", partition.Topic), new("messaging.destination.partition.id", partition.Partition.Value)];
}
