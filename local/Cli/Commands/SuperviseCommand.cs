using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Commerce.Streaming.LocalPostgres;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>The background process behind `up`. Hidden: nothing but `up` starts it.</summary>
internal sealed class SuperviseCommand : AsyncCommand<PlatformOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PlatformOptions options, CancellationToken cancellationToken)
    {
        var settings = options.Wanted();
        Directory.CreateDirectory(settings.Paths.Logs);
        await using var held = TryLock(settings.Paths.LockFile) ?? throw new CliException("Another supervisor holds the lock of " + settings.Home + ".");
        return await SuperviseAsync(settings, cancellationToken) ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static async Task<bool> SuperviseAsync(PlatformSettings settings, CancellationToken stop)
    {
        var catalogue = Catalogue.Load();
        var entries = catalogue.Active(settings).Where(entry => entry.Kind != ProcessKind.Dashboard || DashboardFolder.Path is not null).ToList();
        var keys = PlatformKeys.LoadOrCreate(settings.Paths);
        var addresses = new PlatformAddresses(settings, keys, catalogue);
        var log = new SupervisorLog(Console.Out, TimeProvider.System);
        var board = new StateBoard(settings, entries);
        using var probes = new ProbeFactory(settings, addresses, keys);
        var commands = new ProcessCommands(settings, addresses, keys, settings.Postgres is null ? Cluster(settings) : null);
        var factory = new SupervisedFactory(commands, probes, board, log, TimeProvider.System);
        return await new Supervisor(entries, factory, board, log, TimeProvider.System).RunAsync(stop);
    }

    private static PostgresCluster Cluster(PlatformSettings settings)
    {
        var placement = PostgresPlacement.Resolve(settings.Paths.Postgres);
        return new PostgresCluster(PostgresBinaries.FindFor(placement.Directory) ?? throw new CliException("PostgreSQL is gone."), placement);
    }

    /// <summary>The lock is the kernel's and ends with us however we end.</summary>
    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
