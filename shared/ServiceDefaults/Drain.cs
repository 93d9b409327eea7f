using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>How a service leaves: not ready → requests in flight finish → background work stops.</summary>
public sealed class DrainOptions
{
    public const string Section = "Drain";

    /// <summary>
    /// Seconds between turning not ready and refusing connections, so that load balancers notice first. 0 on one machine;
    /// about twice the readiness probe's period in a cluster.
    /// </summary>
    [Range(0, 120)]
    public double AnnounceSeconds { get; init; }

    /// <summary>Seconds that requests in flight and background work have to finish. Keep below the pod's grace period.</summary>
    [Range(1, 600)]
    public double BudgetSeconds { get; init; } = 20;
}

/// <summary>Whether the process is on its way out. Long work looks at it before it starts something new.</summary>
public sealed class DrainState
{
    private volatile bool _draining;

    /// <summary>True from SIGTERM on.</summary>
    public bool IsDraining => _draining;

    internal void Begin() => _draining = true;
}

internal static class Drain
{
    public static void AddDrain<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddValidatedOptions<DrainOptions>(DrainOptions.Section);
        builder.Services.AddSingleton<DrainState>();
        builder.Services.AddHostedService<DrainService>();
        builder.Services.AddReadiness("drain", services =>
            services.GetRequiredService<DrainState>().IsDraining ? "the process is stopping" : null);
        // Not through IOptions<DrainOptions>: the host reads this while it is built, before invalid options can be reported well.
        builder.Services.AddOptions<HostOptions>().Configure<IConfiguration>((host, configuration) =>
        {
            var drain = configuration.GetSection(DrainOptions.Section).Get<DrainOptions>() ?? new DrainOptions();
            host.ShutdownTimeout = TimeSpan.FromSeconds(drain.AnnounceSeconds + drain.BudgetSeconds);
        });
    }
}

internal sealed class DrainService(
    DrainState state, IOptions<DrainOptions> options, TimeProvider time, ILogger<DrainService> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs before any part of the host stops, Kestrel included: probes see "not ready" while requests are still served.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Begin();
        ServiceLog.Draining(logger, options.Value.BudgetSeconds);
        if (options.Value.AnnounceSeconds > 0)
            await Task.Delay(TimeSpan.FromSeconds(options.Value.AnnounceSeconds), time, cancellationToken);
    }
}
