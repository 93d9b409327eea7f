using Commerce.Identity;

namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>What becomes of the graph when an identifier was not seen for long.</summary>
/// <param name="Entries">Entries to write, by key; null to delete.</param>
public sealed record Forgotten(IReadOnlyDictionary<string, ProfileMembers?> Entries)
{
    public static readonly Forgotten Nothing = new(new Dictionary<string, ProfileMembers?>(StringComparer.Ordinal));

    public bool IsForgotten { get; init; }

    /// <summary>It stays because its profile has its name from it.</summary>
    public bool NamesItsProfile { get; init; }
}
