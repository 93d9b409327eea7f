namespace Commerce.Streaming.LocalProcess;

/// <summary>What to start: a program with its arguments, and how it lives beside us.</summary>
public sealed record ChildCommand(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables added to (or, when null, removed from) our own environment.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    public string? WorkingDirectory { get; init; }

    /// <summary>File that takes stdout and stderr, appended to. Null: the output goes where ours goes.</summary>
    public string? LogFile { get; init; }

    /// <summary>Operating-system account to run as. Null: ours. Needs root.</summary>
    public OsAccount? RunAs { get; init; }

    /// <summary>Sent to the child by the kernel when this process ends in any way, kill -9 included.</summary>
    public Signal ParentDeathSignal { get; init; } = Signal.Term;
}
