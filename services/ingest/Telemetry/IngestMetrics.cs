using System.Diagnostics.Metrics;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest;

/// <summary>Metrics of the collection API. Label values are sources, outcomes and reason codes: bounded sets all.</summary>
internal sealed class IngestMetrics
{
    public const string MeterName = "Commerce.Streaming.Ingest";

    private readonly Counter<long> _events;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _ackDuration;
    private readonly Histogram<int> _batchEvents;
    private readonly Histogram<double> _clockSkew;

    public IngestMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _events = meter.CreateCounter<long>("commerce.ingest.events", "{event}", "Events by source, outcome, reason and kind (event or stock)");
        _requests = meter.CreateCounter<long>("commerce.ingest.requests.refused", "{request}", "Requests refused as a whole, by reason");
        _ackDuration = meter.CreateHistogram(
            "commerce.ingest.ack.duration", "s", "From the first record of a request handed to Kafka to the last acknowledgement",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 20] });
        _batchEvents = meter.CreateHistogram(
            "commerce.ingest.batch.events", "{event}", "Events of a request",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2500] });
        _clockSkew = meter.CreateHistogram(
            "commerce.ingest.clock.skew", "s", "Time of receipt minus the sender's sentAt",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [-3600, -60, -5, -1, 0, 1, 5, 60, 3600, 86400] });
    }

    public void Outcomes(string source, IReadOnlyCollection<EventOutcome> outcomes)
    {
        _batchEvents.Record(outcomes.Count);
        foreach (var (key, count) in outcomes.CountBy(Label))
        {
            _events.Add(
                count, new("source", source), new("outcome", key.Outcome), new("reason", key.Reason), new("kind", key.Kind));
        }
    }

    public void Refused(string reason) => _requests.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Acknowledged(TimeSpan duration) => _ackDuration.Record(duration.TotalSeconds);

    public void ClockSkew(TimeSpan skew) => _clockSkew.Record(skew.TotalSeconds);

    // Stock commands go past identity resolution: whoever balances what was accepted against what came out must tell them apart.
    private static (string Outcome, string Reason, string Kind) Label(EventOutcome outcome) => outcome switch
    {
        EventOutcome.Quarantined refused => ("quarantined", refused.Fault.Reason, "event"),
        EventOutcome.Rejected refused => ("rejected", refused.Fault.Reason, "event"),
        EventOutcome.Stock => ("accepted", "none", "stock"),
        _ => ("accepted", "none", "event"),
    };
}
