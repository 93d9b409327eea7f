using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Up;

/// <summary>Looks for what will be started before anything is.</summary>
internal static class BuildCheck
{
    /// <exception cref="CliException">Names what is not built.</exception>
    public static void Run(PlatformSettings settings)
    {
        var missing = Catalogue.Load().Active(settings)
            .Where(entry => entry.Assembly is { } assembly && !File.Exists(ProcessCommands.AssemblyPath(assembly)))
            .Select(entry => entry.Name)
            .ToList();
        if (missing.Count > 0)
            throw new CliException($"Not built: {string.Join(", ", missing)}. Run: dotnet build Commerce.Streaming.sln -c Release");
        if (settings.Dashboard && DashboardFolder.Path is null)
            Screen.Error.WriteLine("There is no Aspire dashboard for this machine (its package is for linux-x64); going on without it.");
    }
}
