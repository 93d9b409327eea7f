using Commerce.Identity;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.IdentityResolution;

/// <summary>State of both pipelines.</summary>
public static class Stores
{
    /// <summary>What is known of an identity key; key <c>tenant/identifier</c>.</summary>
    public static readonly Store<KeyLinks> Links = new("links", Topics.IdentityResolutionResolveLinksChangelog);

    /// <summary>Message ids processed; key <c>generation/source/messageId</c>.</summary>
    public static readonly Store<SeenMessage> Seen = new("seen", Topics.IdentityResolutionResolveSeenChangelog);

    /// <summary>Who is who; key <c>tenant/identifier</c> or <c>tenant/profile</c>.</summary>
    public static readonly Store<ProfileMembers> Members = new("members", Topics.IdentityResolutionDecideMembersChangelog);
}
