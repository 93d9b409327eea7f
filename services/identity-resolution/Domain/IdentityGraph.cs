using Commerce.Identity;
using Commerce.Streaming.Identifiers;

namespace Commerce.Streaming.IdentityResolution.Domain;

/// <summary>
/// Who is who, as a union-find kept flat: an identifier's entry names its profile, a profile's entry its members, and the entry of
/// a profile that lost a merge names the winner. What has no entry is alone.
/// </summary>
/// <param name="find">Reads an entry as it was before this evidence.</param>
public sealed class IdentityGraph(string tenant, Func<string, ProfileMembers?> find)
{
    private readonly Dictionary<string, ProfileMembers> _changed = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ProfileMembers> Changed => _changed;

    /// <summary>Key of the entry of an identifier or a profile.</summary>
    public static string Key(string tenant, string identifierOrProfile) => Identifier.Key(tenant, identifierOrProfile);

    /// <summary>The profile that holds an identifier.</summary>
    public ProfileMembers ProfileOf(string identifier)
    {
        var alone = ProfileIds.Of(tenant, identifier);
        var profile = Read(identifier)?.ProfileId ?? alone;
        return Read(profile) ?? new ProfileMembers { ProfileId = profile, Identifiers = [identifier], Version = 0 };
    }

    /// <summary>Moves the loser's identifiers to the winner.</summary>
    public ProfileMembers Unite(ProfileMembers winner, ProfileMembers loser)
    {
        var version = Math.Max(winner.Version, loser.Version) + 1;
        // Sorted: the value does not depend on the order in which evidence came.
        string[] members = [.. winner.Identifiers, .. loser.Identifiers];
        Array.Sort(members, StringComparer.Ordinal);
        var united = new ProfileMembers { ProfileId = winner.ProfileId, Identifiers = members, Version = version };
        Write(winner.ProfileId, united);
        Write(loser.ProfileId, new ProfileMembers { ProfileId = winner.ProfileId, Identifiers = [], Version = version });
        var moved = winner.Version == 0 ? members : loser.Identifiers;
        foreach (var identifier in moved)
            Write(identifier, new ProfileMembers { ProfileId = winner.ProfileId, Identifiers = [], Version = version });
        return united;
    }

    private ProfileMembers? Read(string identifierOrProfile)
    {
        var key = Key(tenant, identifierOrProfile);
        return _changed.TryGetValue(key, out var entry) ? entry : find(key);
    }

    private void Write(string identifierOrProfile, ProfileMembers entry) => _changed[Key(tenant, identifierOrProfile)] = entry;
}
