using Commerce.Attribution;
using Commerce.Streaming.Attribution.Domain;

namespace Commerce.Streaming.Attribution.Tests;

/// <summary>The twin of what runs on Kafka state.</summary>
internal sealed class InMemoryJourneys : IJourneys
{
    private readonly Dictionary<string, Journey> _journeys = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Profile, string Touch), Touch> _touches = [];
    private readonly Dictionary<(string Profile, string Order), OrderPath> _orders = [];

    public Journey? Find(string profileId) => _journeys.GetValueOrDefault(profileId);

    public void Keep(string profileId, Journey journey) => _journeys[profileId] = journey;

    public IReadOnlyList<Touch> Touches(string profileId) => [.. _touches.Where(entry => entry.Key.Profile == profileId).Select(entry => entry.Value)];

    public bool Has(string profileId, string touchId) => _touches.ContainsKey((profileId, touchId));

    public void Keep(string profileId, Touch touch) => _touches[(profileId, touch.TouchId)] = touch;

    public void Forget(string profileId, Touch touch) => _touches.Remove((profileId, touch.TouchId));

    public IReadOnlyList<OrderPath> Orders(string profileId) => [.. _orders.Where(entry => entry.Key.Profile == profileId).Select(entry => entry.Value)];

    public OrderPath? Order(string profileId, string orderKey) => _orders.GetValueOrDefault((profileId, orderKey));

    public void Keep(string profileId, OrderPath order) => _orders[(profileId, OrderPaths.Key(order))] = order;

    public void Forget(string profileId, OrderPath order) => _orders.Remove((profileId, OrderPaths.Key(order)));
}
