using Commerce.Identity;
using Commerce.Streaming.Identifiers;

namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>
/// The one writer per tenant that says who is who. Where no rule refuses a link, profiles and their ids are a function of the set
/// of evidence: the id is that of the best member (highest kind, then smallest id), so neither order nor repetition matters.
/// </summary>
public static class Deciding
{
    /// <param name="find">Reads an entry of the graph by key (<see cref="IdentityGraph.Key"/>); null for none.</param>
    public static Decision Decide(LinkEvidence evidence, Func<string, ProfileMembers?> find, IdentityLimits limits, BlockedValues blocked)
    {
        var graph = new IdentityGraph(evidence.Tenant, find);
        var merged = new List<ProfileMerged>();
        var assigned = new Dictionary<string, IdentifierAssigned>(StringComparer.Ordinal);
        var refused = new List<Refusal>();
        var usable = Usable(evidence, blocked);
        foreach (var other in usable.Skip(1))
        {
            var left = graph.ProfileOf(usable[0]);
            var right = graph.ProfileOf(other);
            if (left.ProfileId == right.ProfileId) continue;
            if (Refuse(left, right, limits) is { } refusal)
            {
                refused.Add(refusal);
                continue;
            }
            var (winner, loser) = Precedes(left, right) ? (left, right) : (right, left);
            var united = graph.Unite(winner, loser);
            merged.Add(Merged(evidence, winner, loser, united.Version));
            foreach (var identifier in loser.Identifiers)
                assigned[identifier] = Assigned(evidence, identifier, united);
        }
        return new Decision { Entries = graph.Changed, Assigned = [.. assigned.Values], Merged = merged, Refused = refused };
    }

    /// <summary>
    /// Takes an identifier out of its profile, and out of the graph. One that gives its profile its name stays as long as others are in
    /// it: alone, it would name the same profile again.
    /// </summary>
    /// <param name="key">Of its entry.</param>
    public static Forgotten Forget(string key, Func<string, ProfileMembers?> find)
    {
        if (find(key) is not { } entry) return Forgotten.Nothing;
        var (tenant, identifier) = Identifier.Split(key);
        var own = ProfileIds.Of(tenant, identifier);
        var members = find(IdentityGraph.Key(tenant, entry.ProfileId));
        var others = members?.Identifiers.Where(member => member != identifier).ToList() ?? [];
        if (own == entry.ProfileId && others.Count > 0) return Forgotten.Nothing with { NamesItsProfile = true };
        var entries = new Dictionary<string, ProfileMembers?>(StringComparer.Ordinal)
        {
            [key] = null,
            // The profile that it was alone names the winner: nobody is to be led there from a device that starts anew.
            [IdentityGraph.Key(tenant, own)] = null,
            [IdentityGraph.Key(tenant, entry.ProfileId)] = others.Count == 0 ? null : members! with { Identifiers = others },
        };
        return new Forgotten(entries) { IsForgotten = true };
    }

    private static List<string> Usable(LinkEvidence evidence, BlockedValues blocked) =>
    [
        .. evidence.Identifiers
            .Where(identifier => IdentifierRules.KindOf(identifier) != IdentifierKind.None && !blocked.BlocksIdentifier(identifier))
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(IdentifierRules.KindOf).ThenBy(identifier => identifier, StringComparer.Ordinal),
    ];

    private static Refusal? Refuse(ProfileMembers left, ProfileMembers right, IdentityLimits limits)
    {
        var platforms = Platforms(left);
        // Profiles are disjoint, so a platform on both sides means two different user ids.
        if (platforms.Count > 0 && Platforms(right).Overlaps(platforms)) return Refusal.UserConflict;
        var byKind = left.Identifiers.Concat(right.Identifiers).CountBy(IdentifierRules.KindOf);
        return byKind.Any(kind => kind.Value > limits.Of(kind.Key)) ? Refusal.Limit : null;
    }

    private static HashSet<string> Platforms(ProfileMembers profile) =>
        profile.Identifiers.Select(IdentifierRules.PlatformOf).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private static bool Precedes(ProfileMembers left, ProfileMembers right)
    {
        var byKind = left.Identifiers.Max(IdentifierRules.KindOf).CompareTo(right.Identifiers.Max(IdentifierRules.KindOf));
        return byKind != 0 ? byKind > 0 : string.CompareOrdinal(left.ProfileId, right.ProfileId) < 0;
    }

    private static ProfileMerged Merged(LinkEvidence evidence, ProfileMembers winner, ProfileMembers loser, long version) => new()
    {
        Tenant = evidence.Tenant,
        Loser = loser.ProfileId,
        Winner = winner.ProfileId,
        Identifiers = [.. loser.Identifiers],
        EvidenceMessageId = evidence.MessageId,
        Version = version,
        MergedAt = evidence.ObservedAt,
    };

    private static IdentifierAssigned Assigned(LinkEvidence evidence, string identifier, ProfileMembers united) => new()
    {
        Tenant = evidence.Tenant,
        Identifier = identifier,
        ProfileId = united.ProfileId,
        Version = united.Version,
        AssignedAt = evidence.ObservedAt,
    };
}
