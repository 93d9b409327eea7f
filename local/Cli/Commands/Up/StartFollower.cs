using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Commerce.Streaming.LocalProcess;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Up;

/// <summary>Shows a start as it goes on, from the state file.</summary>
internal static class StartFollower
{
    private const int LogLines = 10;
    private const int LineCharacters = 240;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SupervisorLimit = TimeSpan.FromSeconds(30);

    /// <summary>For a platform that was started before and is recovering; the supervisor limits a first start itself.</summary>
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(4);

    /// <exception cref="CliException">The start failed; the message has the reason and the end of the log.</exception>
    public static async Task<PlatformState> UntilReadyAsync(PlatformPaths paths, CancellationToken cancellation)
    {
        try
        {
            return Screen.Error.Profile.Capabilities.Interactive
                ? await Screen.Error.Status().StartAsync("Starting", context => FollowAsync(paths, waiting => context.Status(waiting.EscapeMarkup()), cancellation))
                : await FollowAsync(paths, _ => { }, cancellation);
        }
        catch (OperationCanceledException)
        {
            if (PlatformState.LoadLive(paths) is { } live)
                Posix.Send(live.SupervisorId, Signal.Term);
            throw;
        }
    }

    private static async Task<PlatformState> FollowAsync(PlatformPaths paths, Action<string> showWaiting, CancellationToken cancellation)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var shown = new HashSet<string>();
        while (true)
        {
            if (PlatformState.Load(paths) is { } state && (state.IsLive || state.Phase is Phase.Failed or Phase.Stopped))
            {
                Show(state, shown);
                if (state.Phase is Phase.Ready && state.Processes.All(process => process.IsSettled))
                    return state;
                if (state.Phase is Phase.Failed && !state.IsLive)
                    throw Failure(paths, state);
                if (state.Phase is Phase.Stopped && !state.IsLive)
                    throw new CliException("The platform was stopped while it was starting.");
                if (state.Phase is Phase.Ready && TimeProvider.System.GetElapsedTime(begin) > ReadyLimit)
                    throw new CliException("Not ready: " + string.Join("; ", Unready(state).Select(process => $"{process.Name}: {process.Reason ?? process.State.ToString()}")));
                showWaiting("Waiting for " + string.Join(", ", Unready(state).Select(process => process.Name)));
            }
            else if (TimeProvider.System.GetElapsedTime(begin) > SupervisorLimit)
            {
                throw new CliException($"The supervisor does not start:\n{Tail(paths.LogOf(SupervisorLauncher.LogName))}");
            }
            await Task.Delay(Pause, cancellation);
        }
    }

    private static IEnumerable<ProcessStatus> Unready(PlatformState state) => state.Processes.Where(process => !process.IsSettled);

    private static void Show(PlatformState state, HashSet<string> shown)
    {
        if (state.Phase is Phase.Ready && shown.Count == 0)
            return;
        foreach (var process in state.Processes.Where(process => process.IsReady && shown.Add(process.Name)))
            Screen.Error.MarkupLineInterpolated($"  [green]{(process.State is ProcessState.Done ? "done " : "ready")}[/]  {process.Name,-20} {process.ReadyAfterSeconds:0.0} s");
    }

    private static CliException Failure(PlatformPaths paths, PlatformState state)
    {
        var culprit = state.Processes.FirstOrDefault(process => state.Message?.StartsWith(process.Name, StringComparison.Ordinal) == true);
        var log = paths.LogOf(culprit?.Name ?? SupervisorLauncher.LogName);
        return new CliException($"The start failed: {state.Message}\nThe end of {log}:\n{Tail(log)}");
    }

    private static string Tail(string log) =>
        File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(LogLines).Select(line => "  " + line[..Math.Min(line.Length, LineCharacters)])) : "  (empty)";
}
