namespace Commerce.Streaming.EventSender;

/// <summary>How far a stream has been sent and acknowledged.</summary>
public sealed record SendState
{
    /// <summary>Most refusals kept with their reason; beyond it they are counted only.</summary>
    public const int RefusalsKeptMax = 50;

    public required string Fingerprint { get; init; }

    /// <summary>First position that is not acknowledged.</summary>
    public int Position { get; init; }
    public long Accepted { get; init; }
    public long RefusedAsExpected { get; init; }
    public long RefusedUnexpectedly { get; init; }

    /// <summary>The first unexpected refusals.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>Requests that had to be repeated.</summary>
    public long Retries { get; init; }
}

/// <summary>A call that the API did not take.</summary>
public sealed record Refusal(int Position, string Status, string Reason, string Detail);

/// <summary>What a watcher is told.</summary>
/// <param name="Waiting">Why sending is held up, or null while it runs.</param>
public sealed record SendProgress(SendState State, DateTimeOffset At, string? Waiting);
