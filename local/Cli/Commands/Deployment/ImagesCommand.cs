using System.ComponentModel;
using System.Diagnostics;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Deployment;

/// <summary>Builds the images of the Dockerfile: the services and jobs of the catalogue, and what a trial needs.</summary>
internal sealed class ImagesCommand : AsyncCommand<ImagesOptions>
{
    private const string Repository = "commerce-streaming";
    private const string ServicesFolder = "services/";

    /// <summary>For trials: the embedded broker and registry, the cache, the sample shop.</summary>
    private static readonly string[] Trial = ["trial-broker", "trial-cache", "sample-shop"];

    public override async Task<int> ExecuteAsync(CommandContext context, ImagesOptions options, CancellationToken cancellationToken)
    {
        var all = Names();
        var wanted = options.Service is null ? all : [.. all.Where(name => name == options.Service)];
        if (wanted.Count == 0)
            throw CliException.Usage($"There is no image '{options.Service}'; there are {string.Join(", ", all)}.");
        var version = typeof(ImagesCommand).Assembly.GetName().Version!.ToString(3);
        var revision = await RevisionAsync(cancellationToken);
        foreach (var name in wanted)
        {
            var image = $"{(options.Registry.Length > 0 ? options.Registry.TrimEnd('/') + "/" : "")}{Repository}/{name}:{options.Tag ?? version}";
            await DockerAsync(
                ["build", "--quiet", "--build-arg", "SERVICE=" + name, "--build-arg", "VERSION=" + version, "--build-arg", "REVISION=" + revision, "--tag", image, "."],
                cancellationToken);
            if (options.Push)
                await DockerAsync(["push", "--quiet", image], cancellationToken);
            Screen.Out.WriteLine(image);
        }
        return ExitCodes.Ok;
    }

    /// <summary>Folders below services/ that the catalogue names, each once, then the trial's.</summary>
    internal static IReadOnlyList<string> Names() =>
    [
        .. Catalogue.Load().Processes
            .Where(entry => entry.Project?.StartsWith(ServicesFolder, StringComparison.Ordinal) is true)
            .Select(entry => entry.Project![ServicesFolder.Length..])
            .Distinct(StringComparer.Ordinal),
        .. Trial,
    ];

    private static async Task<string> RevisionAsync(CancellationToken cancellation)
    {
        var (code, output) = await RunAsync("git", ["rev-parse", "--short=12", "HEAD"], cancellation);
        return code == 0 ? output.Trim() : "unknown";
    }

    private static async Task DockerAsync(string[] arguments, CancellationToken cancellation)
    {
        var (code, _) = await RunAsync("docker", arguments, cancellation);
        if (code != 0)
            throw new CliException($"docker {arguments[0]} failed; what it said is above.");
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = PlatformPaths.Root,
                RedirectStandardOutput = true,
            })!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            throw new CliException($"{program} is needed and is not installed.");
        }
    }
}
