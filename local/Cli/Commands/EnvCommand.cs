using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Commerce.Streaming.LocalPostgres;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Prints the addresses as shell exports.</summary>
internal sealed class EnvCommand : AsyncCommand<PlatformOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PlatformOptions options, CancellationToken cancellationToken)
    {
        var settings = options.Effective();
        if (PlatformState.LoadLive(settings.Paths) is null)
            Screen.Error.WriteLine("# the platform does not run; these will be its addresses");
        var keys = PlatformKeys.LoadOrCreate(settings.Paths);
        var catalogue = Catalogue.Load();
        var addresses = new PlatformAddresses(settings, keys, catalogue);
        foreach (var (name, value) in Variables(settings, addresses, catalogue, keys, await DatabaseAsync(settings, addresses, keys, cancellationToken)))
            Console.Out.WriteLine($"export {name}={ShellQuote.Quote(value)}");
        return ExitCodes.Ok;
    }

    private static IEnumerable<(string Name, string Value)> Variables(
        PlatformSettings settings, PlatformAddresses addresses, Catalogue catalogue, PlatformKeys keys, PostgresUrl database)
    {
        yield return ("KAFKA_BOOTSTRAP", addresses.Kafka);
        yield return ("SCHEMA_REGISTRY_URL", addresses.SchemaRegistry);
        yield return ("REDIS_URL", addresses.Redis);
        yield return ("DATABASE_URL", database.ToString());
        foreach (var service in catalogue.Processes.Where(entry => entry.UrlVariable is not null))
            yield return (service.UrlVariable!, addresses.Service(service.Name));
        if (settings.Dashboard)
            yield return ("DASHBOARD_URL", addresses.Dashboard);
        yield return ("INGEST_WRITE_KEY", PlatformAddresses.SampleWriteKey);
        yield return ("COMMERCE_API_KEY", keys.ApiKey);
    }

    /// <summary>The reading role; on a server where we were not allowed to make it, the owner with the same search path.</summary>
    internal static async Task<PostgresUrl> DatabaseAsync(
        PlatformSettings settings, PlatformAddresses addresses, PlatformKeys keys, CancellationToken cancellation)
    {
        var owner = addresses.PostgresOwner;
        if (settings.Postgres is null || await PostgresRoles.CanLogInAsync(owner, keys.Postgres.Reporting, cancellation))
            return addresses.PostgresReporting;
        var separator = owner.Query.Length > 0 ? owner.Query + "&" : "?";
        return owner with { Query = $"{separator}options=-csearch_path%3D{PostgresNames.Schema}" };
    }
}
