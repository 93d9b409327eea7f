using Commerce.Streaming.Processing.Telemetry;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>A state change that a record makes; null deletes.</summary>
internal readonly record struct PreparedWrite(string Store, string Key, object? Value);

/// <summary>A timer that a record sets, or, without a due time, cancels.</summary>
internal readonly record struct PreparedTimer(TopologyTimer Timer, string Key, DateTimeOffset? DueAt);

/// <summary>All that a record does, worked out in a lane and not yet done: the loop's thread does it in the order of the log.</summary>
internal sealed class PreparedRecord(InputRecord raw, int attempts)
{
    public InputRecord Raw => raw;

    public int Attempts => attempts;

    public List<PreparedWrite> Writes { get; } = [];

    public List<PreparedTimer> Timers { get; } = [];

    public List<OutputRecord> Outputs { get; } = [];

    /// <summary>The record's own time.</summary>
    public DateTimeOffset Timestamp { get; set; }

    public RecordOutcome Outcome { get; set; }

    /// <summary>Time in its lane.</summary>
    public TimeSpan Duration { get; set; }

    public ProcessTrace Trace { get; set; }

    /// <summary>The record failed: nothing of what its handler did remains.</summary>
    public void Undo()
    {
        Writes.Clear();
        Timers.Clear();
        Outputs.Clear();
    }
}
