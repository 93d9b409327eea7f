using Commerce.Streaming.Cli.Platform;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>
/// Starts everything in the order of its dependencies, keeps it running, and stops it in the reverse order. Whoever depends on
/// something that is restarted later has to live with that by itself, as in production.
/// </summary>
internal sealed class Supervisor(IReadOnlyList<CatalogueEntry> entries, SupervisedFactory factory, StateBoard board, SupervisorLog log, TimeProvider time)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LimitCheckPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How long a start waits for a part that the platform can do without.</summary>
    private static readonly TimeSpan OptionalLimit = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Running> _running = [];

    /// <summary>Returns true after an ordered stop, false when the platform could not be started (everything is stopped again).</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        foreach (var entry in entries)
            _running[entry.Name] = Start(entry);
        var started = await BecomesReadyAsync(stop);
        if (started)
        {
            log.Write("everything is ready");
            board.Enter(Phase.Ready);
            await Task.WhenAny(Task.Delay(Timeout.Infinite, stop));
            board.Enter(Phase.Stopping);
        }
        await StopAsync();
        if (started || stop.IsCancellationRequested)
            board.Enter(Phase.Stopped);
        log.Write("everything is stopped");
        return started || stop.IsCancellationRequested;
    }

    private Running Start(CatalogueEntry entry)
    {
        var stop = new CancellationTokenSource();
        var before = entry.DependsOn.Where(_running.ContainsKey).Select(name => _running[name].Ready).ToList();
        if (entry.Kind is ProcessKind.Task)
        {
            var task = RunAfterAsync(before, () => factory.Task(entry).RunAsync(stop.Token), stop.Token);
            return new Running(entry, stop, task, task);
        }
        var process = factory.Process(entry);
        var life = RunAfterAsync(before, () => process.RunAsync(stop.Token), stop.Token);
        var ready = Task.WhenAny(process.FirstReady, FailureOf(life)).Unwrap();
        return new Running(entry, stop, entry.Optional ? OrGivenUpAsync(entry, ready) : ready, life);
    }

    private async Task OrGivenUpAsync(CatalogueEntry entry, Task ready)
    {
        try
        {
            await ready.WaitAsync(OptionalLimit);
        }
        catch (Exception e) when (e is ProcessFailedException or TimeoutException)
        {
            log.Write($"going on without {entry.Name}: {e.Message}");
        }
    }

    private static async Task RunAfterAsync(List<Task> before, Func<Task> run, CancellationToken stop)
    {
        await Task.WhenAll(before).WaitAsync(stop);
        await run();
    }

    /// <summary>Never completes by success: only a failure to start at all is news to those who wait for readiness.</summary>
    private static async Task FailureOf(Task life)
    {
        await life;
        await Task.Delay(Timeout.Infinite);
    }

    private async Task<bool> BecomesReadyAsync(CancellationToken stop)
    {
        try
        {
            await WithinLimitAsync(AllOrFirstFailureAsync([.. _running.Values.Select(running => running.Ready)]), stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (TimeoutException)
        {
            Fail($"not ready in time: {Unready()}");
        }
        catch (Exception e)
        {
            Fail(e.Message);
        }
        return false;
    }

    /// <exception cref="TimeoutException">It takes too long even for the load of this machine.</exception>
    private async Task WithinLimitAsync(Task everything, CancellationToken stop)
    {
        var begin = time.GetTimestamp();
        while (await Task.WhenAny(everything, Task.Delay(LimitCheckPeriod, time, stop)) != everything)
        {
            stop.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(begin) > StartLimit * MachineLoad.Factor())
                throw new TimeoutException();
        }
        await everything;
    }

    private static async Task AllOrFirstFailureAsync(List<Task> tasks)
    {
        while (tasks.Count > 0)
        {
            var done = await Task.WhenAny(tasks);
            await done;
            tasks.Remove(done);
        }
    }

    private string Unready() =>
        string.Join("; ", entries.Select(entry => board[entry.Name]).Where(status => !status.IsSettled).Select(status => $"{status.Name}: {status.Reason ?? status.State.ToString()}"));

    private void Fail(string message)
    {
        log.Write("failed: " + message);
        board.Enter(Phase.Failed, message);
    }

    /// <summary>Dependents first; those at the same depth together.</summary>
    private async Task StopAsync()
    {
        var left = _running.Values.ToList();
        while (left.Count > 0)
        {
            var free = left.Where(running => !left.Exists(other => other.Entry.DependsOn.Contains(running.Entry.Name))).ToList();
            await Task.WhenAll(free.Select(running => running.StopAsync()));
            left.RemoveAll(free.Contains);
        }
    }

    private sealed record Running(CatalogueEntry Entry, CancellationTokenSource Stop, Task Ready, Task Life)
    {
        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Task.WhenAny(Life);
            // Observed, so that a failure that was already reported is not thrown again by the finalizer.
            _ = Life.Exception;
            _ = Ready.Exception;
        }
    }
}
