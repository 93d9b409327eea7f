using Commerce.Attribution;

namespace Commerce.Streaming.Attribution.Domain;

/// <summary>What follows for others, in order.</summary>
public sealed record Outcome(IReadOnlyList<OrderCredited> Credited, IReadOnlyList<StateHandover> HandedOver)
{
    public static readonly Outcome Nothing = new([], []);

    /// <summary>Touches that were forgotten because the profile has too many.</summary>
    public int Forgotten { get; init; }
}

/// <summary>Why credits may change; the values of OrderCredited.cause.</summary>
public static class Causes
{
    public const string Order = "order";
    public const string Refund = "refund";
    public const string LateTouch = "late_touch";
    public const string Consent = "consent";
    public const string Merge = "merge";
}
