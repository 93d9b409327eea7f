using System.Collections.Concurrent;
using Commerce.Consent;
using Commerce.Streaming.CompactedTopics;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Consent;

/// <summary>Current decision of every subject, from commerce.consent.decisions.v1. About 200 bytes of memory each.</summary>
internal sealed class ConsentTable : ICompactedView<ConsentDecided>, IConsentLookup
{
    private readonly ConcurrentDictionary<string, Decision> _decisions = new(StringComparer.Ordinal);

    public int Count => _decisions.Count;

    public void Apply(string key, ConsentDecided? value)
    {
        if (value is null)
            _decisions.TryRemove(key, out _);
        // One thread applies, so looking first is safe. A decision that was made earlier and arrives later does not hold.
        else if (!_decisions.TryGetValue(key, out var current) || value.DecidedAt >= current.DecidedAt)
            _decisions[key] = Of(value);
    }

    public Decision? Find(string tenant, string identifier) =>
        _decisions.TryGetValue(Identifier.Key(tenant, identifier), out var decision) ? decision : null;

    private static Decision Of(ConsentDecided decided) => new(
        new Purposes(decided.Consent.Analytics, decided.Consent.Advertising, decided.Consent.Personalization), decided.DecidedAt);
}
