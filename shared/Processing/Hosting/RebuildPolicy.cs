namespace Commerce.Streaming.Processing.Hosting;

/// <summary>
/// How long to wait before the clients are built anew: a second, and longer when one run after the other fails at once. Joining anew under
/// our name takes it back from whoever has it. Once that is right: a broker that hangs answers a join that we have given up, later, and
/// the member that it makes of it is our own shadow. Twice in a short time is another process, and the two would go on for ever.
/// </summary>
internal sealed class RebuildPolicy(ProcessingOptions options, TimeProvider clock)
{
    /// <summary>A run of this length has been a good one.</summary>
    private static readonly TimeSpan GoodRun = TimeSpan.FromMinutes(1);

    /// <summary>Producers fenced in a row, each within <see cref="GoodRun"/>, that only another process of our name explains.</summary>
    private const int FencedInARowMax = 5;

    /// <summary>A name lost twice within this is another process's.</summary>
    private static readonly TimeSpan NameLostAgain = TimeSpan.FromMinutes(1);

    private long? _lastNameLost;
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

        return WaitMore();
    }

    /// <summary>Another member holds our name.</summary>
    /// <exception cref="TopologyFailedException">It was another's a short time ago as well.</exception>
    public void NameLost(TopologyFailedException failure)
    {
        if (_lastNameLost is { } before && clock.GetElapsedTime(before) < NameLostAgain)
            throw new TopologyFailedException("another process runs under our name: Processing:InstanceId must be unique", failure) { IsFinal = true };
        _lastNameLost = clock.GetTimestamp();
    }

    private TimeSpan WaitMore()
    {
        var wait = options.RebuildWaitMin * Math.Pow(2, Math.Min(_failuresInARow++, 16));
        return wait < options.RebuildWaitMax ? wait : options.RebuildWaitMax;
    }
}
