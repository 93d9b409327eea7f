using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Privacy;

/// <summary>The two keys that keep personal data unreadable. Both are secrets: environment or file only.</summary>
public sealed class PrivacyOptions : IValidatableObject
{
    public const string Section = "Privacy";

    /// <summary>Bytes that each key decodes to.</summary>
    public const int KeyBytes = 32;

    /// <summary>Base64 of 32 bytes. Changing it makes every known person a stranger: it is never rotated in place.</summary>
    public string PseudonymKey { get; init; } = "";

    /// <summary>Base64 of 32 bytes, for what is sealed from now on.</summary>
    public string SealingKey { get; init; } = "";

    /// <summary>Base64 of 32 bytes each: keys that older sealed bytes still need to be opened.</summary>
    public IReadOnlyList<string> FormerSealingKeys { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsKey(PseudonymKey))
            yield return Invalid(nameof(PseudonymKey));
        if (!IsKey(SealingKey))
            yield return Invalid(nameof(SealingKey));
        if (PseudonymKey.Length > 0 && PseudonymKey == SealingKey)
            yield return new ValidationResult("Privacy:SealingKey must differ from Privacy:PseudonymKey", [nameof(SealingKey)]);
        if (FormerSealingKeys.Any(key => !IsKey(key)))
            yield return Invalid(nameof(FormerSealingKeys));
    }

    private static ValidationResult Invalid(string name) =>
        new($"Privacy:{name} must be base64 of {KeyBytes} bytes: set Privacy__{name} to the output of `openssl rand -base64 {KeyBytes}`", [name]);

    private static bool IsKey(string text)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        return Convert.TryFromBase64String(text, key, out var written) && written == KeyBytes;
    }
}
