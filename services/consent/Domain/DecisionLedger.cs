using System.Collections.Concurrent;
using Commerce.Consent;
using Commerce.Streaming.CompactedTopics;
using Commerce.Streaming.Identifiers;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Consent.Domain;

/// <summary>
/// Decisions by subject: the current one and those before it that the topic still has or that came while this process ran. Written by
/// the topic's reader alone; who has asked for a decision waits here until the topic has the answer.
/// </summary>
internal sealed class DecisionLedger(IOptions<ConsentOptions> options) : ICompactedView<ConsentDecided>
{
    private readonly int _historyMax = options.Value.HistoryMax;
    private readonly ConcurrentDictionary<string, ConsentDecided[]> _decisions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ConsentDecided>> _awaited = new(StringComparer.Ordinal);

    /// <summary>Oldest first; the last one holds. Empty for an unknown subject.</summary>
    public IReadOnlyList<ConsentDecided> Of(string tenant, string subject) =>
        _decisions.TryGetValue(Identifier.Key(tenant, subject), out var decisions) ? decisions : [];

    /// <summary>Begins to wait for the answer to a request that is not sent yet. <see cref="Forget"/> ends it.</summary>
    public Task<ConsentDecided> Await(string requestId) =>
        _awaited.GetOrAdd(requestId, _ => new TaskCompletionSource<ConsentDecided>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Forget(string requestId) => _awaited.TryRemove(requestId, out _);

    public void Apply(string key, ConsentDecided? value)
    {
        if (value is null)
        {
            _decisions.TryRemove(key, out _);
            return;
        }

        _decisions.AddOrUpdate(key, _ => [value], (_, before) => With(before, value));
        // After the decision is known: whoever is answered can also read it.
        if (value.RequestId is { } requestId && _awaited.TryRemove(requestId, out var awaited))
            awaited.TrySetResult(value);
    }

    private ConsentDecided[] With(ConsentDecided[] before, ConsentDecided decision) =>
        // What holds already is stated again to answer a request that came too late.
        before.Any(each => each.DecisionId == decision.DecisionId) ? before : [.. before.Append(decision).TakeLast(_historyMax)];
}
