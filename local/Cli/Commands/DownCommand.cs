using Commerce.Streaming.Cli.CommandLine;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Stops the platform and keeps its data.</summary>
internal sealed class DownCommand : AsyncCommand<PlatformOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PlatformOptions options, CancellationToken cancellationToken)
    {
        var settings = options.Wanted();
        var ran = await Shutdown.RunAsync(settings.Paths, cancellationToken);
        Screen.Out.WriteLine(ran ? $"Stopped. The data stay in {settings.Home}." : "The platform does not run.");
        return ExitCodes.Ok;
    }
}
