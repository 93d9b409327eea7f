namespace Commerce.Streaming.AvroCompatibility;

/// <summary>Confluent's levels: who must be able to read whose data, and of which versions.</summary>
public enum CompatibilityLevel
{
    None,

    /// <summary>The new schema reads data of the newest version.</summary>
    Backward,
    BackwardTransitive,

    /// <summary>The newest version reads data of the new schema.</summary>
    Forward,
    ForwardTransitive,

    /// <summary>Both ways.</summary>
    Full,
    FullTransitive,
}

public static class CompatibilityLevels
{
    private static readonly Dictionary<string, CompatibilityLevel> ByName =
        Enum.GetValues<CompatibilityLevel>().ToDictionary(WireName, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name in the registry's API: <c>BACKWARD_TRANSITIVE</c>.</summary>
    public static string WireName(this CompatibilityLevel level) => level switch
    {
        CompatibilityLevel.None => "NONE",
        CompatibilityLevel.Backward => "BACKWARD",
        CompatibilityLevel.BackwardTransitive => "BACKWARD_TRANSITIVE",
        CompatibilityLevel.Forward => "FORWARD",
        CompatibilityLevel.ForwardTransitive => "FORWARD_TRANSITIVE",
        CompatibilityLevel.Full => "FULL",
        CompatibilityLevel.FullTransitive => "FULL_TRANSITIVE",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };

    /// <summary>Reads a level's API name, in any case.</summary>
    public static bool TryParse(string? name, out CompatibilityLevel level)
    {
        level = default;
        return name is not null && ByName.TryGetValue(name, out level);
    }

    internal static bool IsTransitive(this CompatibilityLevel level) =>
        level is CompatibilityLevel.BackwardTransitive or CompatibilityLevel.ForwardTransitive or CompatibilityLevel.FullTransitive;

    internal static bool NewReadsOld(this CompatibilityLevel level) =>
        level is CompatibilityLevel.Backward or CompatibilityLevel.BackwardTransitive or CompatibilityLevel.Full or CompatibilityLevel.FullTransitive;

    internal static bool OldReadsNew(this CompatibilityLevel level) =>
        level is CompatibilityLevel.Forward or CompatibilityLevel.ForwardTransitive or CompatibilityLevel.Full or CompatibilityLevel.FullTransitive;
}
