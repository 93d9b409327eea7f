using System.ComponentModel.DataAnnotations;
using Commerce.Streaming.Attribution.Domain;

namespace Commerce.Streaming.Attribution;

/// <summary>Section <c>Attribution</c>. Changing any of it changes credits stated from then on, not those stated before.</summary>
public sealed class AttributionOptions
{
    public const string Section = "Attribution";

    /// <summary>Days before an order in which a touch counts.</summary>
    [Range(1, 366)]
    public int LookbackDays { get; init; } = 30;

    /// <summary>The newest touches of an order that count. Each is four credits in every statement, of about 100 bytes.</summary>
    [Range(1, 1000)]
    public int MaxTouchesPerOrder { get; init; } = 100;

    /// <summary>The newest touches of a profile that are kept.</summary>
    [Range(1, 100_000)]
    public int MaxTouchesPerProfile { get; init; } = 1000;

    /// <summary>Refunds that one order may have; more are dead letters.</summary>
    [Range(1, 10_000)]
    public int MaxRefundsPerOrder { get; init; } = 1000;

    public CreditRules ToRules() => new()
    {
        Lookback = TimeSpan.FromDays(LookbackDays),
        MaxTouchesPerOrder = MaxTouchesPerOrder,
        MaxTouchesPerProfile = MaxTouchesPerProfile,
        MaxRefundsPerOrder = MaxRefundsPerOrder,
    };
}
