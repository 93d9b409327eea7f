using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Commerce.Streaming.LocalProcess;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Stops a running copy.</summary>
internal static class Shutdown
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Longer than the sum of every stage's own limit.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>True when it ran. Returns when every process has ended.</summary>
    /// <exception cref="CliException">It does not stop in time.</exception>
    public static async Task<bool> RunAsync(PlatformPaths paths, CancellationToken cancellation)
    {
        if (PlatformState.LoadLive(paths) is not { } state)
        {
            await Up.Remains.AwaitEndAsync(paths, cancellation);
            return false;
        }
        Screen.Error.WriteLine($"Stopping {state.Processes.Count(process => process.ProcessId is not null)} processes");
        Posix.Send(state.SupervisorId, Signal.Term);
        var begin = TimeProvider.System.GetTimestamp();
        while (state.IsLive)
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Limit)
                throw new CliException($"The supervisor ({state.SupervisorId}) does not end; see {paths.LogOf(SupervisorLauncher.LogName)}");
            await Task.Delay(Pause, cancellation);
        }
        return true;
    }
}
