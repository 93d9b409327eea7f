using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision.Probes;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>Keeps one process of the platform running: starts it, watches it, and starts it again when it ends or hangs.</summary>
internal sealed class SupervisedProcess(
    CatalogueEntry entry,
    Func<ChildCommand> command,
    IHealthProbe probe,
    Func<Task, CancellationToken, Task> prepare,
    StateBoard board,
    SupervisorLog log,
    TimeProvider time)
{
    /// <summary>A process that has not been ready once after so many starts will not be by itself.</summary>
    public const int StartsBeforeGivingUp = 3;

    private static readonly TimeSpan StartPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RecoveryPeriod = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>PostgreSQL may have to replay its log first.</summary>
    private static readonly TimeSpan PreparationLimit = TimeSpan.FromMinutes(5);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RestartPolicy _policy = new();

    public CatalogueEntry Entry => entry;

    /// <summary>Completes with the first readiness; fails when the process cannot be brought to it.</summary>
    public Task FirstReady => _ready.Task;

    /// <summary>Runs until the token asks to stop, and until the process has ended then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var firstStart = time.GetTimestamp();
        for (var starts = 1; !stop.IsCancellationRequested; starts++)
        {
            var begin = time.GetTimestamp();
            var reason = await TryLiveOnceAsync(firstStart, stop);
            if (stop.IsCancellationRequested)
                break;
            if (!FirstReady.IsCompleted && starts >= StartsBeforeGivingUp)
            {
                Report(status => status with { Reason = $"given up: {reason}" });
                _ready.TrySetException(new ProcessFailedException(entry.Name, $"{entry.Name} {reason} ({starts} starts)"));
                break;
            }
            var pause = _policy.PauseAfter(time.GetElapsedTime(begin));
            log.Write($"{entry.Name} {reason}; starting again in {pause.TotalSeconds:0.#} s");
            Report(status => status with { State = ProcessState.Restarting, ProcessId = null, StartTicks = null, Reason = reason });
            if (!await PauseAsync(pause, stop))
                break;
            Report(status => status with { Restarts = status.Restarts + 1 });
        }
        Report(status => status with { State = ProcessState.Stopped, ProcessId = null, StartTicks = null });
        _ready.TrySetCanceled(CancellationToken.None);
    }

    /// <summary>A start may fail while the binary is being rebuilt; that is one more reason to try again later.</summary>
    private async Task<string> TryLiveOnceAsync(long firstStart, CancellationToken stop)
    {
        try
        {
            return await LiveOnceAsync(firstStart, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return $"could not be started: {e.Message}";
        }
    }

    /// <summary>One life of the process; returns why it is over.</summary>
    private async Task<string> LiveOnceAsync(long firstStart, CancellationToken stop)
    {
        LogRotation.RotateIfLarge(LogFile);
        using var child = await ChildProcesses.StartAsync(command());
        Report(status => status with { State = ProcessState.Starting, ProcessId = child.Id, StartTicks = child.StartTicks });
        log.Write($"{entry.Name} started as {child.Id}");
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = WatchAsync(child, firstStart, life.Token);
        await Task.WhenAny(child.Exited, watching, Task.Delay(Timeout.Infinite, stop));
        if (stop.IsCancellationRequested && !child.HasExited)
        {
            if (!await child.StopAsync(entry.StopSignal, TimeSpan.FromSeconds(entry.StopSeconds)))
                log.Write($"{entry.Name} did not stop within {entry.StopSeconds} s and was killed");
        }
        await child.Exited;
        await life.CancelAsync();
        return await watching ?? Describe(child.ExitCode);
    }

    /// <summary>Follows the health of one life. Returns the reason when it had to kill the process, null when the life ended otherwise.</summary>
    private async Task<string?> WatchAsync(ChildProcess child, long firstStart, CancellationToken life)
    {
        try
        {
            await PrepareAsync(child, life);
            var hang = new HangDetector(time, () => ProcessSnapshot.Of(child.Id)?.CpuTicks ?? 0, MachineLoad.Factor);
            var answered = false;
            var begin = time.GetTimestamp();
            while (!child.HasExited)
            {
                var health = await AskAsync(life);
                answered |= health.IsAlive;
                Note(health, answered, firstStart);
                if (health.IsAlive)
                    hang.Answered();
                else if (answered ? hang.Silent() : time.GetElapsedTime(begin) >= StartLimit * MachineLoad.Factor())
                    return Kill(child, $"was silent and has been killed ({health.Reason})");
                LogRotation.RotateIfLarge(LogFile);
                await Task.Delay(health.IsReady ? WatchPeriod : FirstReady.IsCompleted ? RecoveryPeriod : StartPeriod, time, life);
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
        }
        catch (Exception e) when (!child.HasExited)
        {
            return Kill(child, $"could not be prepared: {e.Message}");
        }
        catch (Exception) when (child.HasExited)
        {
        }
        return null;
    }

    private async Task PrepareAsync(ChildProcess child, CancellationToken life)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(life);
        limited.CancelAfter(PreparationLimit);
        await prepare(child.Exited, limited.Token);
    }

    private void Note(Health health, bool answered, long firstStart)
    {
        if (health.IsReady)
        {
            var took = Math.Round(time.GetElapsedTime(firstStart).TotalSeconds, 2);
            Report(status => status with { State = ProcessState.Ready, Reason = null, ReadyAfterSeconds = status.ReadyAfterSeconds ?? took });
            if (_ready.TrySetResult())
                log.Write($"{entry.Name} is ready after {took} s");
        }
        else if (answered)
        {
            Report(status => status with { State = ProcessState.NotReady, Reason = health.Reason });
        }
    }

    private async Task<Health> AskAsync(CancellationToken life)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(life);
        limited.CancelAfter(AnswerLimit);
        try
        {
            return await probe.CheckAsync(limited.Token);
        }
        catch (OperationCanceledException) when (!life.IsCancellationRequested)
        {
            return Health.Silent($"no answer within {AnswerLimit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Health.Silent(e.GetBaseException().Message);
        }
    }

    private string LogFile => board.LogOf(entry.Name);

    private static string Kill(ChildProcess child, string reason)
    {
        child.Send(Signal.Kill);
        return reason;
    }

    private static string Describe(int exitCode) =>
        exitCode > 128 ? $"was ended by signal {exitCode - 128}" : $"ended with exit code {exitCode}";

    private void Report(Func<ProcessStatus, ProcessStatus> change) => board.Update(entry.Name, change);

    private static async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
