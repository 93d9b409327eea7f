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

    /// <summary>
    /// Registers a liveness check: a reason ends the process's life, since the supervisor or Kubernetes starts it anew. It is also part of
    /// readiness. For what nothing but a new process cures, never for a server that is away.
    /// </summary>
    public static IServiceCollection AddLiveness(this IServiceCollection services, string name, Func<IServiceProvider, string?> reasonNotLive)
    {
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, provider => new ReasonCheck(provider, reasonNotLive), HealthStatus.Unhealthy, [LiveTag]));
        return services;
    }

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>, and guards whatever else is mapped by <see cref="ApiAccess"/>.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.UseApiAccess();
        app.UseGoodbye();
        // Live: the process answers, and what it tagged so (a processing loop) still turns. Only that: a broker that is away must not
        // get every pod killed.
        app.MapHealthChecks(Live, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag), ResponseWriter = WriteAsync })
            .OpenToAll().ExcludeFromDescription().DisableHttpMetrics();
        // Probes are not requests that anybody made: counted, a service that waits for its broker would show half of them as errors.
        app.MapHealthChecks(Ready, new HealthCheckOptions { ResponseWriter = WriteAsync }).OpenToAll().ExcludeFromDescription().DisableHttpMetrics();
        return app;
    }

    /// <summary>Tells clients that keep connections to look for another one, while they may still finish here.</summary>
    private static void UseGoodbye(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<DrainState>();
        app.Use((context, next) =>
        {
            if (drain.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol))
                context.Response.Headers.Connection = "close";
            return next(context);
        });
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
