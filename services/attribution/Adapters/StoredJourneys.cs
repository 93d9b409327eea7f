using Commerce.Attribution;
using Commerce.Streaming.Attribution.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.Attribution.Adapters;

/// <summary>Profiles in the state of the pipeline: one entry for each touch and order, so that a busy customer rewrites nothing but what changed.</summary>
internal sealed class StoredJourneys(IProcessingContext context) : IJourneys
{
    public Journey? Find(string profileId) => context.Get(Stores.Journeys, profileId);

    public void Keep(string profileId, Journey journey) => context.Put(Stores.Journeys, profileId, journey);

    public IReadOnlyList<Touch> Touches(string profileId) => [.. context.Range(Stores.Touches, Key(profileId, "")).Select(entry => entry.Value)];

    public bool Has(string profileId, string touchId) => context.Get(Stores.Touches, Key(profileId, touchId)) is not null;

    public void Keep(string profileId, Touch touch) => context.Put(Stores.Touches, Key(profileId, touch.TouchId), touch);

    public void Forget(string profileId, Touch touch) => context.Delete(Stores.Touches, Key(profileId, touch.TouchId));

    public IReadOnlyList<OrderPath> Orders(string profileId) => [.. context.Range(Stores.Orders, Key(profileId, "")).Select(entry => entry.Value)];

    public OrderPath? Order(string profileId, string orderKey) => context.Get(Stores.Orders, Key(profileId, orderKey));

    public void Keep(string profileId, OrderPath order) => context.Put(Stores.Orders, Key(profileId, OrderPaths.Key(order)), order);

    public void Forget(string profileId, OrderPath order) => context.Delete(Stores.Orders, Key(profileId, OrderPaths.Key(order)));

    private static string Key(string profileId, string part) => $"{profileId}|{part}";
}
