using System.ComponentModel;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

public sealed class LogsOptions : PlatformOptions
{
    [CommandArgument(0, "<NAME>")]
    [Description("A process, as in `commerce status`, or `supervisor`.")]
    public string Name { get; init; } = "";

    [CommandOption("-f|--follow")]
    [Description("Keep printing what is added; Ctrl-C ends.")]
    public bool Follow { get; init; }

    [CommandOption("-n|--lines <COUNT>")]
    [Description("Lines from the end to begin with.")]
    [DefaultValue(100)]
    public int Lines { get; init; }

    public override Spectre.Console.ValidationResult Validate() =>
        Lines >= 0 ? Spectre.Console.ValidationResult.Success() : Spectre.Console.ValidationResult.Error("--lines must not be negative.");
}

/// <summary>Prints the log of one process.</summary>
internal sealed class LogsCommand : AsyncCommand<LogsOptions>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public override async Task<int> ExecuteAsync(CommandContext context, LogsOptions options, CancellationToken cancellationToken)
    {
        var paths = options.Effective().Paths;
        var path = paths.LogOf(options.Name);
        if (options.Name.Contains('/') || !File.Exists(path))
            throw new CliException($"There is no log of '{options.Name}'. There are: {Available(paths)}");
        await using var output = Console.OpenStandardOutput();
        await using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Position = LogTail.StartOfLast(log, options.Lines);
        await log.CopyToAsync(output, cancellationToken);
        if (options.Follow)
            await FollowAsync(log, output, cancellationToken);
        return ExitCodes.Ok;
    }

    private static async Task FollowAsync(FileStream log, Stream output, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, cancellation);
                // Shorter than what we have read: rotated.
                if (log.Length < log.Position)
                    log.Position = 0;
                await log.CopyToAsync(output, cancellation);
                await output.FlushAsync(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static string Available(PlatformPaths paths) =>
        Directory.Exists(paths.Logs)
            ? string.Join(", ", Directory.EnumerateFiles(paths.Logs, "*.log").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal))
            : "none yet, the platform was never started here";
}
