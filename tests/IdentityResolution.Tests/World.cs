using Commerce.Identity;
using Commerce.Streaming.IdentityResolution.Domain;

namespace Commerce.Streaming.IdentityResolution.Tests;

/// <summary>The decide stage with its graph in memory.</summary>
internal sealed class World(IdentityLimits? limits = null)
{
    private readonly Dictionary<string, ProfileMembers> _entries = new(StringComparer.Ordinal);

    public List<ProfileMerged> Merges { get; } = [];

    public List<IdentifierAssigned> Assignments { get; } = [];

    public List<Refusal> Refusals { get; } = [];

    public World Decide(params IEnumerable<LinkEvidence> evidence)
    {
        foreach (var one in evidence)
        {
            var decision = Deciding.Decide(one, _entries.GetValueOrDefault, limits ?? new IdentityLimits(), BlockedValues.Default);
            foreach (var (key, entry) in decision.Entries) _entries[key] = entry;
            Merges.AddRange(decision.Merged);
            Assignments.AddRange(decision.Assigned);
            Refusals.AddRange(decision.Refused);
        }
        return this;
    }

    public string ProfileOf(string identifier) => Graph.ProfileOf(identifier).ProfileId;

    public IReadOnlyList<string> MembersOf(string identifier) => Graph.ProfileOf(identifier).Identifiers;

    private IdentityGraph Graph => new(Given.Tenant, _entries.GetValueOrDefault);
}
