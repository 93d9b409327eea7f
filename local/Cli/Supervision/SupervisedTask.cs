using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>Runs a preparing program to its end, again when it fails: what it talks to has only just started.</summary>
internal sealed class SupervisedTask(CatalogueEntry entry, Func<ChildCommand> command, StateBoard board, SupervisorLog log, TimeProvider time)
{
    public const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="ProcessFailedException">Every attempt failed.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var begin = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            board.Update(entry.Name, status => status with { State = ProcessState.Starting, Restarts = attempt - 1 });
            var exitCode = await ChildProcesses.RunAsync(command(), stop);
            log.Write($"{entry.Name} ended with exit code {exitCode}");
            if (exitCode == 0)
                break;
            var reason = $"{entry.Name} ended with exit code {exitCode}";
            board.Update(entry.Name, status => status with { State = ProcessState.Restarting, Reason = reason });
            if (attempt == Attempts)
                throw new ProcessFailedException(entry.Name, $"{reason} ({attempt} attempts)");
            await Task.Delay(Pause, time, stop);
        }
        var took = Math.Round(time.GetElapsedTime(begin).TotalSeconds, 2);
        board.Update(entry.Name, status => status with { State = ProcessState.Done, Reason = null, ReadyAfterSeconds = took });
    }
}
