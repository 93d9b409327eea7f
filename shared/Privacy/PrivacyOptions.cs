using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Privacy;

/// <summary>The two kinds of keys that keep personal data unreadable, for services that take it in.</summary>
public sealed class PrivacyOptions : SealingOptions
{
    /// <summary>Base64 of 32 bytes. Changing it makes every known person a stranger: it is never rotated in place.</summary>
    public string PseudonymKey { get; init; } = "";

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsKey(PseudonymKey))
            yield return Invalid(nameof(PseudonymKey));
        if (PseudonymKey.Length > 0 && PseudonymKey == SealingKey)
            yield return new ValidationResult("Privacy:SealingKey must differ from Privacy:PseudonymKey", [nameof(SealingKey)]);
        foreach (var fault in base.Validate(validationContext))
            yield return fault;
    }
}
