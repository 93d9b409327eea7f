using Commerce.Attribution;

namespace Commerce.Streaming.Attribution.Domain;

/// <summary>What is remembered of profiles. Values are replaced, never changed.</summary>
public interface IJourneys
{
    Journey? Find(string profileId);

    void Keep(string profileId, Journey journey);

    /// <summary>Touches of a profile, in no particular order.</summary>
    IReadOnlyList<Touch> Touches(string profileId);

    bool Has(string profileId, string touchId);

    void Keep(string profileId, Touch touch);

    void Forget(string profileId, Touch touch);

    /// <summary>Orders of a profile, in no particular order.</summary>
    IReadOnlyList<OrderPath> Orders(string profileId);

    OrderPath? Order(string profileId, string orderKey);

    void Keep(string profileId, OrderPath order);

    void Forget(string profileId, OrderPath order);
}
