namespace Commerce.Streaming.Verification.Drain;

/// <summary>Waits until everything that was accepted has reached the tables.</summary>
public static class DrainWait
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks until all groups are done twice in a row with nothing produced in between.</summary>
    /// <returns>The last status: drained, or not when the time is up.</returns>
    public static async Task<DrainStatus> RunAsync(
        Func<CancellationToken, Task<DrainStatus>> look,
        TimeSpan timeout,
        Action<DrainStatus> onStatus,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        DrainStatus? before = null;
        while (true)
        {
            var status = await look(cancellation);
            onStatus(status);
            if (status.Drained && before is { Drained: true } && before.Produced == status.Produced)
                return status;
            if (time.GetElapsedTime(started) >= timeout)
                return status with { Behind = status.Drained ? new Dictionary<string, long> { ["commerce.(still producing)"] = 1 } : status.Behind };
            before = status;
            await Task.Delay(Interval, time, cancellation);
        }
    }
}
