using System.ComponentModel.DataAnnotations;
using Commerce.Streaming.IdentityResolution.Domain;

namespace Commerce.Streaming.IdentityResolution;

/// <summary>Section <c>Identity</c>.</summary>
public sealed class IdentityOptions : IValidatableObject
{
    public const string Section = "Identity";

    /// <summary>User ids of one profile, over all platforms; within one platform it is always one.</summary>
    [Range(1, 1000)]
    public int MaxUserIds { get; init; } = 20;

    /// <summary>E-mail pseudonyms of one profile.</summary>
    [Range(1, 1000)]
    public int MaxEmails { get; init; } = 20;

    /// <summary>Devices and browsers of one profile.</summary>
    [Range(1, 5000)]
    public int MaxAnonymousIds { get; init; } = 200;

    /// <summary>
    /// Days after which a device or browser that was not seen is forgotten: seen again, it is a new one. More than attribution keeps
    /// orders, so that nothing still names the profile that it had before.
    /// </summary>
    [Range(4, 3650)]
    public int AnonymousIdsKeptDays { get; init; } = 430;

    /// <summary>Values that are no identifiers, beside the built-in ones.</summary>
    public IReadOnlyList<string> BlockedValues { get; init; } = [];

    /// <summary>How long message ids are remembered.</summary>
    public TimeSpan DeduplicationWindow { get; init; } = DeduplicationLimits.Default.Window;

    /// <summary>Message ids remembered in each partition; about 200 bytes of memory each.</summary>
    [Range(1000, 10_000_000)]
    public int DeduplicationMaxMessages { get; init; } = DeduplicationLimits.Default.MaxMessages;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DeduplicationWindow <= TimeSpan.Zero)
            yield return new ValidationResult("Identity:DeduplicationWindow must be positive", [nameof(DeduplicationWindow)]);
    }

    public IdentityLimits ToLimits() => new(MaxUserIds, MaxEmails, MaxAnonymousIds, AnonymousIdsKeptDays);

    public DeduplicationLimits ToDeduplicationLimits() => new(DeduplicationWindow, DeduplicationMaxMessages);

    public BlockedValues ToBlockedValues() => new([.. Domain.BlockedValues.Defaults, .. BlockedValues]);
}
