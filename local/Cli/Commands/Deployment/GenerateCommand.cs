using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Deployment;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Deployment;

/// <summary>Writes, or checks, files that follow from the code.</summary>
internal abstract class GenerateCommand<TOptions>(Func<GeneratedFiles, TOptions, IReadOnlyList<GeneratedFile>> select) : Command<TOptions>
    where TOptions : GeneratedOptions
{
    public override int Execute(CommandContext context, TOptions options, CancellationToken cancellationToken)
    {
        var generated = new GeneratedFiles(PlatformPaths.Root);
        var files = select(generated, options);
        if (!options.Check)
        {
            Screen.Out.WriteLine($"{files.Count} files, {generated.Write(files)} written.");
            return ExitCodes.Ok;
        }
        var stale = generated.Stale(files).ToList();
        foreach (var file in stale)
            Screen.Error.WriteLine($"{file.Path} is not as the code says");
        return stale.Count == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }
}

/// <summary>Strimzi's topics from schemas/topics.json.</summary>
internal sealed class TopicsCommand() : GenerateCommand<TopicsOptions>((files, options) => files.TopicFiles(options.PartitionsMultiple));

/// <summary>Dashboards, and the chart's copies of what lies elsewhere.</summary>
internal sealed class MonitoringCommand() : GenerateCommand<GeneratedOptions>((files, _) => files.MonitoringFiles);
