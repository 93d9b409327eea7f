using System.Diagnostics;
using System.Globalization;
using Commerce.Streaming.Cli.Platform;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>Starts the supervisor so that it outlives the command, the terminal, and whoever reads the command's output.</summary>
internal static class SupervisorLauncher
{
    public const string LogName = "supervisor";

    // setsid leaves the terminal; the shell's & makes it nobody's child here. Descriptors that the caller leaked to us are closed.
    private const string Detach = "log=$1; shift; exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; setsid \"$@\" </dev/null >>\"$log\" 2>&1 &";

    public static async Task LaunchAsync(PlatformSettings settings, CancellationToken cancellation)
    {
        Directory.CreateDirectory(settings.Paths.Logs);
        var log = settings.Paths.LogOf(LogName);
        LogRotation.RotateIfLarge(log);
        var info = new ProcessStartInfo("/bin/sh", ["-c", Detach, "commerce", log, .. OwnCommand(), "supervise"]) { WorkingDirectory = PlatformPaths.Root };
        foreach (var (name, value) in Variables(settings))
            info.Environment[name] = value;
        using var shell = Process.Start(info)!;
        await shell.WaitForExitAsync(cancellation);
    }

    private static IEnumerable<string> OwnCommand() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, typeof(SupervisorLauncher).Assembly.Location]
            : [Environment.ProcessPath!];

    private static Dictionary<string, string?> Variables(PlatformSettings settings) => new()
    {
        [PlatformSettings.HomeVariable] = settings.Home,
        [PlatformSettings.PortBaseVariable] = settings.PortBase.ToString(CultureInfo.InvariantCulture),
        [PlatformSettings.DashboardVariable] = settings.Dashboard ? "on" : "off",
    };
}
