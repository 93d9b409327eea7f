using Commerce.Identity;

namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>What one piece of evidence changes.</summary>
public sealed record Decision
{
    /// <summary>Entries of the graph to write, by key.</summary>
    public required IReadOnlyDictionary<string, ProfileMembers> Entries { get; init; }

    /// <summary>Identifiers whose profile changed.</summary>
    public required IReadOnlyList<IdentifierAssigned> Assigned { get; init; }

    /// <summary>Profiles that ceased to be, in the order of the decisions.</summary>
    public required IReadOnlyList<ProfileMerged> Merged { get; init; }

    /// <summary>Links that were refused.</summary>
    public required IReadOnlyList<Refusal> Refused { get; init; }
}
