namespace Commerce.Streaming.Cli.Supervision.Probes;

/// <summary>A process that serves several protocols is as well as the worst of them.</summary>
internal sealed class AllProbes(IReadOnlyList<IHealthProbe> probes) : IHealthProbe
{
    public async Task<Health> CheckAsync(CancellationToken cancellation)
    {
        var results = await Task.WhenAll(probes.Select(probe => probe.CheckAsync(cancellation)));
        return results.Aggregate(Health.Both);
    }
}
