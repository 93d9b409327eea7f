namespace Commerce.Streaming.LocalBroker.Storage;

/// <summary>A fetch that waits for records; any of the partitions it reads may wake it.</summary>
internal sealed class FetchWaiter
{
    private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Woken => _woken.Task;

    public void Wake() => _woken.TrySetResult();
}

/// <summary>
/// The fetches that wait for a partition. Those that read everything wake when records are appended, those that read only
/// what is committed wake when the last stable offset moves.
/// </summary>
internal sealed class LogWaiters
{
    private readonly Lock _sync = new();
    private readonly List<FetchWaiter> _uncommitted = [];
    private readonly List<FetchWaiter> _committed = [];

    public void Add(FetchWaiter waiter, bool readCommitted)
    {
        lock (_sync)
            (readCommitted ? _committed : _uncommitted).Add(waiter);
    }

    public void Remove(FetchWaiter waiter, bool readCommitted)
    {
        lock (_sync)
            (readCommitted ? _committed : _uncommitted).Remove(waiter);
    }

    public void Appended(bool stableMoved)
    {
        lock (_sync)
        {
            Wake(_uncommitted);
            if (stableMoved)
                Wake(_committed);
        }
    }

    /// <summary>Wakes everyone, because the partition has gone or its start has moved.</summary>
    public void WakeAll() => Appended(stableMoved: true);

    private static void Wake(List<FetchWaiter> waiters)
    {
        foreach (var waiter in waiters)
            waiter.Wake();
        waiters.Clear();
    }
}
