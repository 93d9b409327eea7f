using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Commerce.Streaming.Processing.Hosting;

/// <summary>Ready: the group has answered and the state of what it assigned is complete.</summary>
internal sealed class TopologyReadiness(TopologyStatus status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(status.NotReady is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}

/// <summary>Live: the loop turns. Tagged <c>live</c>; a process whose loop hangs is better started anew.</summary>
internal sealed class TopologyLiveness(TopologyStatus status, TimeSpan stuckAfter) : IHealthCheck
{
    public const string Tag = "live";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(status.SinceLastTurn is var age && age > stuckAfter
            ? HealthCheckResult.Unhealthy($"its loop has not turned for {(int)age.TotalSeconds} s")
            : HealthCheckResult.Healthy());
}
