using Microsoft.AspNetCore.Builder;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>What an endpoint asks for. One that does not say is closed to all but keys that open everything.</summary>
/// <param name="Name">The scope; null lets everybody in.</param>
public sealed record ApiScope(string? Name)
{
    /// <summary>For what is public, or checks its callers itself.</summary>
    public static readonly ApiScope Open = new((string?)null);
}

/// <summary>Marks endpoints with their scope.</summary>
public static class ApiScopes
{
    /// <summary>Only callers whose key has <paramref name="scope"/> may call.</summary>
    public static T RequireScope<T>(this T endpoint, string scope) where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ApiScope(scope));

    /// <summary>Everybody may call.</summary>
    public static T OpenToAll<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.WithMetadata(ApiScope.Open);
}
