using System.Diagnostics.Metrics;

namespace Commerce.Streaming.Consent;

/// <summary>Metrics of the decision API; labels are outcomes and reason codes.</summary>
internal sealed class ConsentMetrics
{
    public const string MeterName = "Commerce.Streaming.Consent";
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _choices;
    private readonly Counter<long> _refused;

    public ConsentMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _decisions = meter.CreateCounter<long>("commerce.consent.decisions", "{decision}", "Decisions by outcome: recorded or superseded");
        _choices = meter.CreateCounter<long>("commerce.consent.choices", "{choice}", "What recorded decisions allow, by purpose");
        _refused = meter.CreateCounter<long>("commerce.consent.requests.refused", "{request}", "Requests refused, by reason");
    }

    public void Recorded(int count) => _decisions.Add(count, new KeyValuePair<string, object?>("outcome", "recorded"));

    public void Superseded(int count) => _decisions.Add(count, new KeyValuePair<string, object?>("outcome", "superseded"));

    /// <summary>What one person has decided, whatever the number of their identifiers.</summary>
    public void Chose(bool? analytics, bool? advertising, bool? personalization)
    {
        Choose("analytics", analytics);
        Choose("advertising", advertising);
        Choose("personalization", personalization);
    }

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    private void Choose(string purpose, bool? isAllowed)
    {
        if (isAllowed is { } allowed)
            _choices.Add(1, new KeyValuePair<string, object?>("purpose", purpose), new KeyValuePair<string, object?>("allowed", allowed ? "yes" : "no"));
    }
}
