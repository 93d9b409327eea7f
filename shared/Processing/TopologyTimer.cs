namespace Commerce.Streaming.Processing;

/// <summary>Which time a timer goes by.</summary>
public enum TimerClock
{
    /// <summary>The highest record timestamp seen in the partition: stands still when no records come.</summary>
    StreamTime,

    /// <summary>The wall clock.</summary>
    ProcessingTime,
}

/// <summary>A named kind of timer. Per key there is at most one of each name; setting it again moves it.</summary>
public sealed record TopologyTimer(string Name, TimerClock Clock)
{
    /// <summary>A timer by the wall clock.</summary>
    public static TopologyTimer InProcessingTime(string name) => new(name, TimerClock.ProcessingTime);

    /// <summary>A timer by record timestamps.</summary>
    public static TopologyTimer InStreamTime(string name) => new(name, TimerClock.StreamTime);
}
