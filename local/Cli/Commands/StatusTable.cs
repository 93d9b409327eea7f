using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>`status` for people.</summary>
internal static class StatusTable
{
    private const double BytesPerMegabyte = 1024 * 1024;

    public static void Write(PlatformSettings settings, PlatformState? state, bool isReady, IReadOnlyList<StatusRow> rows)
    {
        if (state?.IsLive != true)
        {
            Screen.Out.WriteLine(state?.Phase is Phase.Failed ? $"The platform does not run: {state.Message}" : "The platform does not run. Start it: ./commerce up");
            return;
        }
        var table = Screen.Table("process", "state", "pid", "uptime", "restarts", "memory", "cpu", "address");
        foreach (var row in rows)
            table.AddRow(Cells(row).Select(cell => new Markup(cell)).ToArray<Spectre.Console.Rendering.IRenderable>());
        Screen.Out.Write(table);
        foreach (var row in rows.Where(row => row.Reason is not null))
            Screen.Out.WriteLine($"{row.Name}: {row.Reason}");
        var total = rows.Sum(row => row.Use?.ProportionalBytes ?? 0) + (ResourceUse.Of(state.SupervisorId)?.ProportionalBytes ?? 0);
        Screen.Out.WriteLine($"{(isReady ? "Everything is ready" : "Not everything is ready")}; {Megabytes(total)} in all, with the supervisor ({state.SupervisorId}). State in {settings.Home}.");
    }

    private static IEnumerable<string> Cells(StatusRow row) =>
    [
        row.Name.EscapeMarkup(),
        $"[{Colour(row.State)}]{Word(row.State)}[/]",
        row.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "",
        row.Use is { } use ? Duration(TimeSpan.FromSeconds(use.UptimeSeconds)) : "",
        row.Restarts.ToString(CultureInfo.InvariantCulture),
        row.Use is { } memory ? Megabytes(memory.ProportionalBytes) : "",
        row.CpuPercent is { } percent ? percent.ToString("0", CultureInfo.InvariantCulture) + "%" : "",
        row.Address.EscapeMarkup(),
    ];

    private static string Word(ProcessState state) => state is ProcessState.NotReady ? "not ready" : state.ToString().ToLowerInvariant();

    private static string Colour(ProcessState state) => state switch
    {
        ProcessState.Ready or ProcessState.Done => "green",
        ProcessState.Stopped or ProcessState.Restarting => "red",
        _ => "yellow",
    };

    private static string Megabytes(long bytes) => (bytes / BytesPerMegabyte).ToString("0", CultureInfo.InvariantCulture) + " MB";

    private static string Duration(TimeSpan time) => time.TotalDays >= 1
        ? time.ToString(@"d\d\ hh\h", CultureInfo.InvariantCulture)
        : time.TotalHours >= 1 ? time.ToString(@"h\h\ mm\m", CultureInfo.InvariantCulture) : time.ToString(@"m\m\ ss\s", CultureInfo.InvariantCulture);
}
