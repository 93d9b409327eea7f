using Commerce.Streaming.Cli.Supervision.Probes;

namespace Commerce.Streaming.Cli.Tests.Supervision;

/// <summary>Answers what the test says.</summary>
internal sealed class ScriptedProbe(Func<Health> answer) : IHealthProbe
{
    public Task<Health> CheckAsync(CancellationToken cancellation) => Task.FromResult(answer());
}
