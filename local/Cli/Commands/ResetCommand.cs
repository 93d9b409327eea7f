using System.ComponentModel;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalPostgres;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

public sealed class ResetOptions : PlatformOptions
{
    [CommandOption("-y|--yes")]
    [Description("Do not ask.")]
    public bool Yes { get; init; }
}

/// <summary>Stops the platform and deletes its data and keys.</summary>
internal sealed class ResetCommand : AsyncCommand<ResetOptions>
{
    // Only what we made: a state folder that was set to somebody's home must not be swept away.
    private static readonly string[] Folders = ["broker", "registry", "garnet", "logs", "replay"];
    private static readonly string[] Files = ["state.json", "keys.json", "lock"];

    public override async Task<int> ExecuteAsync(CommandContext context, ResetOptions options, CancellationToken cancellationToken)
    {
        var paths = options.Wanted().Paths;
        if (!Directory.Exists(paths.Home))
        {
            Screen.Out.WriteLine($"There is nothing in {paths.Home}.");
            return ExitCodes.Ok;
        }
        if (!options.Yes && !Confirm(paths))
            throw new CliException("Nothing was deleted.");
        await Shutdown.RunAsync(paths, cancellationToken);
        Delete(paths);
        Screen.Out.WriteLine($"Deleted the data in {paths.Home}.");
        return ExitCodes.Ok;
    }

    private static bool Confirm(PlatformPaths paths)
    {
        if (!Screen.IsInteractive || Console.IsInputRedirected)
            throw CliException.Usage($"reset deletes all data in {paths.Home}; say --yes to confirm.");
        return Screen.Out.Prompt(new ConfirmationPrompt($"Delete all events, tables, keys and logs in {paths.Home.EscapeMarkup()}?") { DefaultValue = false });
    }

    private static void Delete(PlatformPaths paths)
    {
        PostgresPlacement.Delete(paths.Postgres);
        PostgresPlacement.Delete(paths.Postgres + ".new");
        foreach (var folder in Folders.Select(name => Path.Combine(paths.Home, name)).Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        foreach (var file in Files)
            File.Delete(Path.Combine(paths.Home, file));
        if (Directory.Exists(paths.Home) && !Directory.EnumerateFileSystemEntries(paths.Home).Any())
            Directory.Delete(paths.Home);
    }
}
