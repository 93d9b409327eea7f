using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Bearer keys with scopes, the same in every API (RFC 6750; answers by RFC 9457).</summary>
public static class ApiAccess
{
    private const string Bearer = "Bearer ";
    private const int KeyLengthMax = 1_000;
    private const string Realm = "Bearer realm=\"commerce\"";

    /// <summary>Closes the service's endpoints to all but known keys: the process does not start without keys, unless it is told that none are required.</summary>
    public static IHostApplicationBuilder AddApiAccess(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<ApiAccessOptions>(ApiAccessOptions.Section);
        builder.Services.TryAddSingleton<ApiKeyRing>();
        builder.Services.AddHostedService<ApiAccessWarning>();
        return builder;
    }

    /// <summary>Runs before handlers and before bodies are read. Does nothing in a service that has not called <see cref="AddApiAccess"/>.</summary>
    internal static void UseApiAccess(this WebApplication app)
    {
        if (app.Services.GetService<ApiKeyRing>() is not { IsRequired: true } ring)
            return;
        app.Use((context, next) => Refusal(context, ring) is { } refusal ? refusal.ExecuteAsync(context) : next(context));
    }

    private static IResult? Refusal(HttpContext context, ApiKeyRing ring)
    {
        // Only routes are guarded; "not found" and "method not allowed" give nothing away.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
            return null;
        var scope = endpoint.Metadata.GetMetadata<ApiScope>();
        if (scope is { Name: null })
            return null;
        var wanted = scope?.Name ?? ApiAccessOptions.Everything;
        if (KeyOf(context.Request) is not { } key)
            return Refuse(context, StatusCodes.Status401Unauthorized, "missing_api_key", "send an API key as bearer token in the header Authorization", Realm);
        if (ring.ScopesOf(key) is not { } scopes)
            return Refuse(context, StatusCodes.Status401Unauthorized, "unknown_api_key", "nobody has this API key", $"{Realm}, error=\"invalid_token\"");
        return scopes.Contains(wanted) || scopes.Contains(ApiAccessOptions.Everything)
            ? null
            : Refuse(
                context, StatusCodes.Status403Forbidden, "insufficient_scope", $"this API key does not have the scope {wanted}",
                $"{Realm}, error=\"insufficient_scope\", scope=\"{wanted}\"");
    }

    private static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.Length is > 0 and <= KeyLengthMax && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && header[Bearer.Length..].Trim() is { Length: > 0 } key
            ? key
            : null;
    }

    private static IResult Refuse(HttpContext context, int status, string reason, string detail, string challenge)
    {
        context.Response.Headers[HeaderNames.WWWAuthenticate] = challenge;
        return Results.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["reason"] = reason });
    }
}

/// <summary>Nobody shall leave an API open without having read it.</summary>
internal sealed class ApiAccessWarning(IOptions<ApiAccessOptions> options, ILogger<ApiAccessWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Required)
            ServiceLog.ApiIsOpen(logger);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
