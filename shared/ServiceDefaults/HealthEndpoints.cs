using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>Liveness and readiness over HTTP, with reasons that a person can act on.</summary>
public static class HealthEndpoints
{
    internal const string Prefix = "/health";
    public const string Live = Prefix + "/live";
    public const string Ready = Prefix + "/ready";

    /// <summary>Tag of the checks that say a process is beyond help and better started anew.</summary>
    public const string LiveTag = "live";

    /// <summary>
    /// Registers a readiness check. <paramref name="reasonNotReady"/> answers null when ready, else why not, in one sentence
    /// without payloads or identifiers. It is called at every probe and must not block.
    /// </summary>
    public static IServiceCollection AddReadiness(
        this IServiceCollection services, string name, Func<IServiceProvider, string?> reasonNotReady)
    {
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, provider => new ReasonCheck(provider, reasonNotReady), HealthStatus.Unhealthy, tags: null));
        return services;
    }

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        // Live: the process answers, and what it tagged so (a processing loop) still turns. Only that: a broker that is away must not
        // get every pod killed.
        app.MapHealthChecks(Live, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag), ResponseWriter = WriteAsync })
            .ExcludeFromDescription();
        app.MapHealthChecks(Ready, new HealthCheckOptions { ResponseWriter = WriteAsync }).ExcludeFromDescription();
        return app;
    }

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status == HealthStatus.Unhealthy ? "unhealthy" : "healthy");
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", entry.Status == HealthStatus.Healthy ? "healthy" : "unhealthy");
            if ((entry.Description ?? entry.Exception?.Message) is { } reason)
                json.WriteString("reason", reason);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private sealed class ReasonCheck(IServiceProvider provider, Func<IServiceProvider, string?> reasonNotReady) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(reasonNotReady(provider) is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
    }
}
