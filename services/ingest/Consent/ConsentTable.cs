using System.Collections.Concurrent;
using Commerce.Consent;
using Commerce.Streaming.CompactedTopics;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Consent;

/// <summary>Current decision of every subject, from commerce.consent.decisions.v1. About 200 bytes of memory each.</summary>
internal sealed class ConsentTable : ICompactedView<ConsentDecided>, IConsentLookup
{
    private readonly ConcurrentDictionary<string, (string Tenant, Purposes Purposes)> _decisions = new(StringComparer.Ordinal);

    public int Count => _decisions.Count;

    public void Apply(string key, ConsentDecided? value)
    {
        if (value is null)
            _decisions.TryRemove(key, out _);
        else
            _decisions[key] = (value.Tenant, new Purposes(value.Consent.Analytics, value.Consent.Advertising, value.Consent.Personalization));
    }

    public Purposes? Find(string tenant, string identifier) =>
        _decisions.TryGetValue(identifier, out var decision) && decision.Tenant == tenant ? decision.Purposes : null;
}
