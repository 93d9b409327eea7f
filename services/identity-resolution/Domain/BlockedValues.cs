namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>
/// Values that senders put where an id should be: whoever shares one is not one person. Compared without case and outer blanks;
/// empty values and values of zeros and dashes only (a zero UUID) are always blocked.
/// </summary>
public sealed class BlockedValues(IEnumerable<string> values)
{
    private readonly HashSet<string> _values = new(values.Select(value => value.Trim()), StringComparer.OrdinalIgnoreCase);

    /// <summary>What is blocked unless configured otherwise.</summary>
    public static readonly IReadOnlyList<string> Defaults =
    [
        "-1", "null", "(null)", "nil", "none", "undefined", "nan", "n/a", "unknown", "anonymous", "guest", "true", "false",
        "[object Object]", "test", "default",
    ];

    public static BlockedValues Default { get; } = new(Defaults);

    public bool Blocks(string value)
    {
        var trimmed = value.AsSpan().Trim();
        return trimmed.TrimStart("0-").IsEmpty || _values.GetAlternateLookup<ReadOnlySpan<char>>().Contains(trimmed);
    }

    /// <summary>Whether the value inside an identifier is blocked.</summary>
    public bool BlocksIdentifier(string identifier) => Blocks(IdentifierRules.ValueOf(identifier));
}
