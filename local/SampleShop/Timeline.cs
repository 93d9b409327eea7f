using Commerce.Streaming.EventSender;
using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.SampleShop;

/// <summary>A decision for the consent API.</summary>
/// <param name="UserId">The subject, or null when it is <paramref name="AnonymousId"/>.</param>
public sealed record ConsentDecision(string DecisionId, DateTimeOffset DecidedAt, string? UserId, string? AnonymousId, ConsentChoice Choice, string Origin);

/// <summary>Something that is sent.</summary>
/// <param name="At">When it is sent, in shop time; late events happened before.</param>
/// <param name="Content">A <see cref="ShopCall"/>, a <see cref="ConsentDecision"/>, or JSON as text for what no shop should send.</param>
/// <param name="Refusal">Reason code with which the API must refuse it.</param>
internal sealed record Entry(DateTimeOffset At, object Content, string? Refusal = null)
{
    public CallTarget Target => Content is ConsentDecision ? CallTarget.Consent : CallTarget.Collection;
}

/// <summary>Everything that is sent, collected person by person and put in order at the end.</summary>
internal sealed class Timeline
{
    private readonly List<Entry> _entries = [];

    public IEnumerable<T> Calls<T>() where T : ShopCall => _entries.Where(entry => entry.Refusal is null).Select(entry => entry.Content).OfType<T>();

    public void Add(ShopCall call, TimeSpan late = default) => _entries.Add(new Entry(call.Timestamp + late, call));

    public void Add(ConsentDecision decision) => _entries.Add(new Entry(decision.DecidedAt, decision));

    public void AddRefused(DateTimeOffset at, object content, string reason) => _entries.Add(new Entry(at, content, reason));

    /// <summary>By time; what is sent at one instant stays in the order in which it was added.</summary>
    public IReadOnlyList<Entry> InOrder() => [.. _entries.OrderBy(entry => entry.At)];
}
