using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Up;

/// <summary>Starts the platform in the background and returns when it is ready.</summary>
internal sealed class UpCommand : AsyncCommand<UpOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, UpOptions options, CancellationToken cancellationToken)
    {
        await EnsureUpAsync(PlatformSettings.Resolve(options.Home, options.PortBase, options.NoDashboard ? false : null, options.PartitionsMultiple), cancellationToken);
        return ExitCodes.Ok;
    }

    /// <summary>Starts what is not running, waits until all is ready, and prints the addresses.</summary>
    /// <exception cref="CliException">It cannot be started; everything is stopped again and the message says why.</exception>
    public static async Task<PlatformSettings> EnsureUpAsync(PlatformSettings wanted, CancellationToken cancellation)
    {
        var running = PlatformState.LoadLive(wanted.Paths);
        if (running is null || running.Phase is Phase.Stopping or Phase.Stopped or Phase.Failed)
        {
            await Remains.AwaitEndAsync(wanted.Paths, cancellation);
            BuildCheck.Run(wanted);
            PortCheck.Run(wanted);
            await PostgresPreparation.RunAsync(wanted, cancellation);
            File.Delete(wanted.Paths.StateFile);
            await SupervisorLauncher.LaunchAsync(wanted, cancellation);
        }
        else if (running.Settings.PortBase != wanted.PortBase && wanted.IsPortBaseGiven)
        {
            throw new CliException($"The platform in {wanted.Home} already runs with port base {running.Settings.PortBase}. Stop it first: ./commerce down");
        }
        else if (running.Settings.PartitionsMultiple != wanted.PartitionsMultiple && wanted.PartitionsMultiple > 1)
        {
            throw new CliException($"The platform in {wanted.Home} runs with the multiple of partitions {running.Settings.PartitionsMultiple}. docs/DEPLOY.md, Scaling out, says how it is raised.");
        }
        var state = await StartFollower.UntilReadyAsync(wanted.Paths, cancellation);
        AddressTable.Write(state.Settings);
        return state.Settings;
    }
}
