namespace Commerce.Streaming.Cli.Supervision.Probes;

/// <summary>Asks a running process how it is.</summary>
internal interface IHealthProbe
{
    /// <summary>Answers, or ends with the token; a probe that throws counts as no answer.</summary>
    Task<Health> CheckAsync(CancellationToken cancellation);
}

/// <summary>What a probe found.</summary>
/// <param name="IsAlive">It answers at all. A process that stays silent is restarted; one that is merely not ready is left to recover.</param>
/// <param name="Reason">Why it is not ready.</param>
internal sealed record Health(bool IsAlive, bool IsReady, string? Reason)
{
    public static Health Ready { get; } = new(true, true, null);

    public static Health NotReady(string reason) => new(true, false, reason);

    public static Health Silent(string reason) => new(false, false, reason);

    /// <summary>Ready when both are; the first reason otherwise.</summary>
    public static Health Both(Health first, Health second) =>
        new(first.IsAlive && second.IsAlive, first.IsReady && second.IsReady, first.Reason ?? second.Reason);
}
