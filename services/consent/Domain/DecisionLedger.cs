using System.Collections.Concurrent;
using Commerce.Consent;
using Commerce.Streaming.CompactedTopics;
using Commerce.Streaming.Identifiers;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Consent.Domain;

/// <summary>
/// Decisions by subject: the current one and those before it that the topic still has or that came while this process ran. Written by
/// the topic's reader and, so that a caller sees its own write at once, by the API after the acknowledgement.
/// </summary>
internal sealed class DecisionLedger(IOptions<ConsentOptions> options) : ICompactedView<ConsentDecided>
{
    private readonly int _historyMax = options.Value.HistoryMax;
    private readonly ConcurrentDictionary<string, ConsentDecided[]> _decisions = new(StringComparer.Ordinal);

    /// <summary>Oldest first; the last one holds. Empty for an unknown subject.</summary>
    public IReadOnlyList<ConsentDecided> Of(string tenant, string subject) =>
        _decisions.TryGetValue(Identifier.Key(tenant, subject), out var decisions) ? decisions : [];

    public ConsentDecided? Current(string tenant, string subject) => Of(tenant, subject) is { Count: > 0 } decisions ? decisions[^1] : null;

    public void Apply(string key, ConsentDecided? value)
    {
        if (value is null)
            _decisions.TryRemove(key, out _);
        else
            _decisions.AddOrUpdate(key, _ => [value], (_, before) => With(before, value));
    }

    private ConsentDecided[] With(ConsentDecided[] before, ConsentDecided decision)
    {
        if (before.Any(each => each.DecisionId == decision.DecisionId))
            return before;
        // Stable: of two decisions of one instant the one that came later holds.
        var all = before.Append(decision).OrderBy(each => each.DecidedAt);
        return [.. all.TakeLast(_historyMax)];
    }
}
