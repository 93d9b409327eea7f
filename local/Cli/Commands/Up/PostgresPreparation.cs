using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalPostgres;
using Npgsql;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Up;

/// <summary>Gets PostgreSQL and its data directory, or checks the server that the user named.</summary>
internal static class PostgresPreparation
{
    /// <exception cref="CliException">It cannot be had; the message says what to do.</exception>
    public static async Task RunAsync(PlatformSettings settings, CancellationToken cancellation)
    {
        var keys = PlatformKeys.LoadOrCreate(settings.Paths);
        try
        {
            await (settings.Postgres is { } external
                ? PrepareExternalAsync(PostgresUrl.Parse(external), keys, cancellation)
                : PrepareLocalAsync(settings.Paths, keys, cancellation));
        }
        catch (LocalPostgresException e)
        {
            throw new CliException(e.Message);
        }
    }

    private static async Task PrepareLocalAsync(PlatformPaths paths, PlatformKeys keys, CancellationToken cancellation)
    {
        // First of all: its package may bring the account that the data are to belong to.
        var binaries = await PostgresInstaller.ObtainAsync(paths.Postgres, line => Screen.Error.WriteLine(line), cancellation);
        var placement = PostgresPlacement.Resolve(paths.Postgres);
        var cluster = new PostgresCluster(binaries, placement);
        if (cluster.IsInitialised)
            return;
        Screen.Error.WriteLine($"Making a database with PostgreSQL {binaries.Major} ({binaries.Folder})");
        if (placement.IsElsewhere)
            Screen.Error.WriteLine($"Its data go to {placement.Directory}: the account {placement.Account!.Name} cannot enter {paths.Home}");
        await cluster.InitialiseAsync(paths.Postgres, keys.Postgres.Admin, cancellation);
    }

    private static async Task PrepareExternalAsync(PostgresUrl owner, PlatformKeys keys, CancellationToken cancellation)
    {
        try
        {
            var refused = await PostgresRoles.EnsureExternalAsync(owner, keys.Postgres.Reporting, cancellation);
            if (refused.Count == 0)
                return;
            Screen.Error.WriteLine($"The role {owner.User} may not do this on {owner.Host}; an administrator can, and until then there is no read-only role:");
            foreach (var statement in refused)
                Screen.Error.WriteLine("  " + statement);
        }
        catch (NpgsqlException e)
        {
            throw new CliException($"{PlatformSettings.PostgresVariable}: {owner.Host}:{owner.Port} cannot be used: {e.Message}");
        }
    }
}
