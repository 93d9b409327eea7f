using Avro.Specific;
using Commerce.Attribution;
using Commerce.Streaming.Attribution.Domain;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.Attribution.Adapters;

/// <summary>Profiles in the state of the pipeline: one entry for each touch and order, so that a busy customer rewrites nothing but what changed. What is new gets the timer that ends it.</summary>
internal sealed class StoredJourneys(IProcessingContext context, CreditRules rules) : IJourneys
{
    private const char Separator = '|';

    public Journey? Find(string profileId) => context.Get(Stores.Journeys, profileId);

    public void Keep(string profileId, Journey journey)
    {
        context.Put(Stores.Journeys, profileId, journey);
        context.Schedule(Timers.Journey, profileId, context.Now + rules.ProfilesKept);
    }

    public IReadOnlyList<Touch> Touches(string profileId) => [.. context.Range(Stores.Touches, Key(profileId, "")).Select(entry => entry.Value)];

    public bool Has(string profileId, string touchId) => context.Get(Stores.Touches, Key(profileId, touchId)) is not null;

    public void Keep(string profileId, Touch touch) => Keep(Stores.Touches, Key(profileId, touch.TouchId), touch, Timers.Touch, rules.TouchesKept);

    public void Forget(string profileId, Touch touch) => context.Delete(Stores.Touches, Key(profileId, touch.TouchId));

    public IReadOnlyList<OrderPath> Orders(string profileId) => [.. context.Range(Stores.Orders, Key(profileId, "")).Select(entry => entry.Value)];

    public OrderPath? Order(string profileId, string orderKey) => context.Get(Stores.Orders, Key(profileId, orderKey));

    public void Keep(string profileId, OrderPath order) =>
        Keep(Stores.Orders, Key(profileId, OrderPaths.Key(order)), order, Timers.Order, rules.ProfilesKept);

    public void Forget(string profileId, OrderPath order) => context.Delete(Stores.Orders, Key(profileId, OrderPaths.Key(order)));

    /// <summary>The profile of an entry's key.</summary>
    public static string ProfileOf(string key) => key[..key.IndexOf(Separator)];

    private void Keep<T>(Store<T> store, string key, T value, TopologyTimer end, TimeSpan kept) where T : class, ISpecificRecord
    {
        if (context.Get(store, key) is null) context.Schedule(end, key, context.Now + kept);
        context.Put(store, key, value);
    }

    private static string Key(string profileId, string part) => $"{profileId}{Separator}{part}";
}
