using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Commerce.Streaming.LocalProcess;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Up;

/// <summary>Processes of an earlier run that are still on their way out: of a `down` in progress, or of a supervisor that was killed.</summary>
internal static class Remains
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for their end, and ends by force those that stay.</summary>
    public static async Task AwaitEndAsync(PlatformPaths paths, CancellationToken cancellation)
    {
        if (PlatformState.Load(paths) is not { } state)
            return;
        var begin = TimeProvider.System.GetTimestamp();
        var left = Alive(state);
        if (left.Count > 0)
            Screen.Error.MarkupLineInterpolated($"Waiting for {left.Count} processes of the last run to end");
        while (left.Count > 0 && TimeProvider.System.GetElapsedTime(begin) < Limit)
        {
            await Task.Delay(Pause, cancellation);
            left = Alive(state);
        }
        foreach (var (id, _) in left)
            Posix.Send(id, Signal.Kill);
    }

    private static List<(int Id, long StartTicks)> Alive(PlatformState state) =>
        [.. state.Processes.Select(process => (Id: process.ProcessId ?? 0, StartTicks: process.StartTicks ?? 0))
            .Append((Id: state.SupervisorId, StartTicks: state.SupervisorStartTicks))
            .Where(process => process.Id != 0 && ProcessSnapshot.IsAlive(process.Id, process.StartTicks))];
}
