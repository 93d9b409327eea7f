namespace Commerce.Streaming.Cli.Supervision;

/// <summary>How long to wait before a process is started again: hardly at all after a long life, longer and longer while it keeps dying.</summary>
internal sealed class RestartPolicy
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>A life this long clears the record.</summary>
    public static readonly TimeSpan GoodLife = TimeSpan.FromSeconds(30);

    private TimeSpan _next = FirstPause;

    public TimeSpan PauseAfter(TimeSpan life)
    {
        if (life >= GoodLife)
            _next = FirstPause;
        var pause = _next;
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 3, LongestPause.Ticks));
        return pause;
    }
}
