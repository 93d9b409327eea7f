using System.Diagnostics.Metrics;

namespace Commerce.Streaming.Consent;

/// <summary>Metrics of the decision API; labels are outcomes and reason codes.</summary>
internal sealed class ConsentMetrics
{
    public const string MeterName = "Commerce.Streaming.Consent";
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _refused;

    public ConsentMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _decisions = meter.CreateCounter<long>("commerce.consent.decisions", "{decision}", "Decisions by outcome: recorded or superseded");
        _refused = meter.CreateCounter<long>("commerce.consent.requests.refused", "{request}", "Requests refused, by reason");
    }

    public void Recorded(int count) => _decisions.Add(count, new KeyValuePair<string, object?>("outcome", "recorded"));

    public void Superseded(int count) => _decisions.Add(count, new KeyValuePair<string, object?>("outcome", "superseded"));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
