namespace Commerce.Streaming.Cli.Supervision;

public enum ProcessState
{
    /// <summary>What it depends on is not ready yet.</summary>
    Waiting,
    Starting,
    Ready,

    /// <summary>Runs, but says that it cannot work.</summary>
    NotReady,

    /// <summary>Ended or hung; the next start is being paused for.</summary>
    Restarting,

    /// <summary>A task that succeeded.</summary>
    Done,
    Stopped,
}

/// <summary>One process as the supervisor sees it; part of the state file.</summary>
public sealed record ProcessStatus(string Name, ProcessState State)
{
    public int? ProcessId { get; init; }

    /// <summary>Kernel start time of <see cref="ProcessId"/>: together they name one process for good.</summary>
    public long? StartTicks { get; init; }

    /// <summary>Starts after the first.</summary>
    public int Restarts { get; init; }

    /// <summary>Why it is not ready, or why it was last restarted.</summary>
    public string? Reason { get; init; }

    /// <summary>Seconds from its first start to its first readiness.</summary>
    public double? ReadyAfterSeconds { get; init; }

    /// <summary>The platform is ready without it.</summary>
    public bool IsOptional { get; init; }

    public bool IsReady => State is ProcessState.Ready or ProcessState.Done;

    /// <summary>Nobody has to wait for it.</summary>
    public bool IsSettled => IsReady || IsOptional;
}
