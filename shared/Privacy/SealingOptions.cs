using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Privacy;

/// <summary>
/// The keys that seal raw bytes: quarantined input and dead letters. Secrets: environment or file only. Services that seal but make no
/// pseudonyms take these alone.
/// </summary>
public class SealingOptions : IValidatableObject
{
    public const string Section = "Privacy";

    /// <summary>Bytes that each key decodes to.</summary>
    public const int KeyBytes = 32;

    /// <summary>Base64 of 32 bytes, for what is sealed from now on.</summary>
    public string SealingKey { get; init; } = "";

    /// <summary>Base64 of 32 bytes each: keys that older sealed bytes still need to be opened.</summary>
    public IReadOnlyList<string> FormerSealingKeys { get; init; } = [];

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsKey(SealingKey))
            yield return Invalid(nameof(SealingKey));
        if (FormerSealingKeys.Any(key => !IsKey(key)))
            yield return Invalid(nameof(FormerSealingKeys));
    }

    internal static ValidationResult Invalid(string name) =>
        new($"Privacy:{name} must be base64 of {KeyBytes} bytes: set Privacy__{name} to the output of `openssl rand -base64 {KeyBytes}`", [name]);

    internal static bool IsKey(string text)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        return Convert.TryFromBase64String(text, key, out var written) && written == KeyBytes;
    }
}
