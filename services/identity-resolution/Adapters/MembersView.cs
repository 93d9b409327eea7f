using System.Text.Json;
using Commerce.Identity;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.IdentityResolution.Adapters;

/// <summary>The identity graph as Redis shows it: a JSON document per identifier and per profile.</summary>
public static class MembersView
{
    /// <summary>Redis keys are this and <c>tenant/identifier</c> or <c>tenant/profile</c>.</summary>
    public const string KeyPrefix = "commerce:identity:members:";

    public static readonly RedisView View = RedisView.AsString(Stores.Members, KeyPrefix, (_, members) => Write(members));

    private sealed record Document(string ProfileId, IReadOnlyList<string> Identifiers, long Version);

    public static string Write(ProfileMembers members) =>
        JsonSerializer.Serialize(new Document(members.ProfileId, members.Identifiers, members.Version), JsonSerializerOptions.Web);

    public static ProfileMembers Read(string json)
    {
        var document = JsonSerializer.Deserialize<Document>(json, JsonSerializerOptions.Web)!;
        return new ProfileMembers { ProfileId = document.ProfileId, Identifiers = document.Identifiers, Version = document.Version };
    }
}
