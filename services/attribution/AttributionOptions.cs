using System.ComponentModel.DataAnnotations;
using Commerce.Streaming.Attribution.Domain;

namespace Commerce.Streaming.Attribution;

/// <summary>Section <c>Attribution</c>. Changing any of it changes credits stated from then on, not those stated before.</summary>
public sealed class AttributionOptions : IValidatableObject
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

    /// <summary>Days for which an order and its credits are kept after the order came; refunds that come later change no credits.</summary>
    [Range(1, 3650)]
    public int RefundWindowDays { get; init; } = 400;

    /// <summary>Days for which a touch is kept after it came; longer while it counts for an order that is kept. At least the lookback.</summary>
    [Range(1, 3650)]
    public int TouchesKeptDays { get; init; } = 60;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TouchesKeptDays < LookbackDays)
            yield return new ValidationResult("Attribution:TouchesKeptDays must be at least LookbackDays", [nameof(TouchesKeptDays)]);
    }

    public CreditRules ToRules() => new()
    {
        RefundWindow = TimeSpan.FromDays(RefundWindowDays),
        TouchesKept = TimeSpan.FromDays(TouchesKeptDays),
        Lookback = TimeSpan.FromDays(LookbackDays),
        MaxTouchesPerOrder = MaxTouchesPerOrder,
        MaxTouchesPerProfile = MaxTouchesPerProfile,
        MaxRefundsPerOrder = MaxRefundsPerOrder,
    };
}
