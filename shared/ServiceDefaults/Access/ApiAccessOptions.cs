using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Who may call the APIs of a service.</summary>
public sealed class ApiAccessOptions : IValidatableObject
{
    public const string Section = "ApiAccess";

    /// <summary>Scope of a key that opens everything.</summary>
    public const string Everything = "*";

    /// <summary>False lets everybody call who reaches the port. Says so in a warning at the start.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Keys by a name of your choice; several at a time, so that one can be replaced without a pause.</summary>
    public Dictionary<string, ApiKeyOptions> Keys { get; init; } = new(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Required && Keys.Count == 0)
        {
            yield return new ValidationResult(
                "ApiAccess:Keys is empty, so nobody could call: set ApiAccess__Keys__<name>__Sha256 and ApiAccess__Keys__<name>__Scopes__0, "
                + "or ApiAccess__Required=false to let everybody in", [nameof(Keys)]);
        }

        foreach (var (name, key) in Keys)
        {
            if (!key.IsHash)
                yield return new ValidationResult($"ApiAccess:Keys:{name}:Sha256 is not 64 hex digits: `printf %s \"$KEY\" | sha256sum` prints them", [nameof(Keys)]);
            if (key.Scopes.Count == 0)
                yield return new ValidationResult($"ApiAccess:Keys:{name}:Scopes is empty: name what it opens, such as consent:write, or *", [nameof(Keys)]);
        }
    }
}

/// <summary>One key.</summary>
public sealed class ApiKeyOptions
{
    private const int HashHexDigits = 64;

    /// <summary>
    /// SHA-256 of the key's UTF-8 bytes, in hex. A fast hash is enough for what cannot be guessed: make keys of 32 random bytes
    /// (<c>openssl rand -base64 32</c>), never of words.
    /// </summary>
    public string Sha256 { get; init; } = "";

    /// <summary><c>service:read</c>, <c>service:write</c>, or <c>*</c> for everything.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    internal bool IsHash => Sha256.Length == HashHexDigits && Sha256.All(char.IsAsciiHexDigit);
}
