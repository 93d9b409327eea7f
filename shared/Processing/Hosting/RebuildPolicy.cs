namespace Commerce.Streaming.Processing.Hosting;

/// <summary>How long to wait before the clients are built anew: a second, and longer when one run after the other fails at once.</summary>
internal sealed class RebuildPolicy(ProcessingOptions options, TimeProvider clock)
{
    /// <summary>A run of this length has been a good one.</summary>
    private static readonly TimeSpan GoodRun = TimeSpan.FromMinutes(1);

    /// <summary>Producers fenced in a row, each within <see cref="GoodRun"/>, that only another process of our name explains.</summary>
    private const int FencedInARowMax = 5;

    private long _lastFailure = clock.GetTimestamp();
    private int _failuresInARow;
    private int _fencedInARow;

    /// <exception cref="TopologyFailedException">It is fenced again and again.</exception>
    public TimeSpan WaitAfter(TopologyFailedException failure)
    {
        if (clock.GetElapsedTime(_lastFailure) > GoodRun)
            (_failuresInARow, _fencedInARow) = (0, 0);
        _lastFailure = clock.GetTimestamp();
        if (failure.IsFenced && ++_fencedInARow > FencedInARowMax)
        {
            throw new TopologyFailedException(
                "fenced again and again: another process runs under our name; Processing:InstanceId must be unique", failure) { IsFinal = true };
        }

        var wait = options.RebuildWaitMin * Math.Pow(2, Math.Min(_failuresInARow++, 16));
        return wait < options.RebuildWaitMax ? wait : options.RebuildWaitMax;
    }
}
