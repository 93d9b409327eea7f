using Commerce.Streaming.Identifiers;
using Commerce.Streaming.IdentityResolution.Adapters;
using Commerce.Streaming.IdentityResolution.Domain;
using Commerce.Streaming.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using StackExchange.Redis;

namespace Commerce.Streaming.IdentityResolution.Http;

/// <summary>A profile as the API shows it.</summary>
/// <param name="ProfileId">The profile that holds now; asked by a former id, it is the winner's.</param>
/// <param name="Identifiers">In ordinal order.</param>
/// <param name="Linked">False when the identifier is alone, or was never seen: the graph holds links only.</param>
public sealed record ProfileAnswer(string Tenant, string ProfileId, IReadOnlyList<string> Identifiers, bool Linked);

/// <summary><c>GET /v1/profiles</c>: who an identifier is.</summary>
public static class ProfileEndpoints
{
    private const string DefaultTenant = "default";

    /// <summary>A merged profile's entry names the winner then; the winner may have lost since.</summary>
    private const int MaxMergesFollowed = 64;

    public static void MapProfiles(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/profiles", FindAsync).RequireScope("identity:read");

    private static async Task<Results<Ok<ProfileAnswer>, ProblemHttpResult>> FindAsync(
        IProfileLookup profiles, string? userId, string? platform, string? emailPseudonym, string? anonymousId, string? profileId, string? tenant,
        CancellationToken cancellationToken)
    {
        tenant ??= DefaultTenant;
        if (new[] { userId, emailPseudonym, anonymousId, profileId }.Count(value => !string.IsNullOrEmpty(value)) != 1)
            return TypedResults.Problem("give exactly one of userId, emailPseudonym, anonymousId and profileId", statusCode: StatusCodes.Status400BadRequest);
        if (userId is not null && string.IsNullOrEmpty(platform))
            return TypedResults.Problem("userId needs its platform: user ids are the platform's own", statusCode: StatusCodes.Status400BadRequest);
        var identifier = userId is not null ? Identifier.User(platform!, userId)
            : emailPseudonym is not null ? Identifier.Email(emailPseudonym)
            : anonymousId is not null ? Identifier.Anonymous(anonymousId)
            : null;
        try
        {
            return identifier is null
                ? await ByProfileAsync(profiles, tenant, profileId!, cancellationToken)
                : await ByIdentifierAsync(profiles, tenant, identifier, cancellationToken);
        }
        catch (Exception unavailable) when (unavailable is RedisException or RedisTimeoutException)
        {
            return TypedResults.Problem("the view in Redis does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<Results<Ok<ProfileAnswer>, ProblemHttpResult>> ByIdentifierAsync(
        IProfileLookup profiles, string tenant, string identifier, CancellationToken cancellationToken)
    {
        if (await profiles.FindAsync(tenant, identifier, cancellationToken) is { } entry)
            return await ByProfileAsync(profiles, tenant, entry.ProfileId, cancellationToken);
        return TypedResults.Ok(new ProfileAnswer(tenant, ProfileIds.Of(tenant, identifier), [identifier], Linked: false));
    }

    private static async Task<Results<Ok<ProfileAnswer>, ProblemHttpResult>> ByProfileAsync(
        IProfileLookup profiles, string tenant, string profileId, CancellationToken cancellationToken)
    {
        for (var followed = 0; followed <= MaxMergesFollowed; followed++)
        {
            if (await profiles.FindAsync(tenant, profileId, cancellationToken) is not { } entry) break;
            if (entry.ProfileId == profileId)
                return TypedResults.Ok(new ProfileAnswer(tenant, profileId, entry.Identifiers, Linked: true));
            profileId = entry.ProfileId;
        }
        return TypedResults.Problem("no profile of more than one identifier has this id", statusCode: StatusCodes.Status404NotFound);
    }
}
