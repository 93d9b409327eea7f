using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Warehouse.Postgres;
using DbUp.Engine.Output;
using Npgsql;

namespace Commerce.Streaming.Warehouse;

/// <summary><c>warehouse migrate</c>: brings the database named by Postgres__Url to the newest schema and ends.</summary>
internal static class MigrateCommand
{
    private const int Failed = 1;
    private const int InvalidConfiguration = 78;

    /// <returns>0, or 78 when the address is missing or malformed, or 1 when the database refused.</returns>
    public static int Run(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        var postgres = configuration.GetSection(PostgresOptions.Section).Get<PostgresOptions>() ?? new PostgresOptions();
        try
        {
            if (postgres.Url.Length == 0)
                throw new FormatException("Postgres:Url is missing: set Postgres__Url=postgresql://user:password@host:port/database");
            var scripts = Migrator.Migrate(postgres.ToConnectionString(), new NoOpUpgradeLog());
            Console.WriteLine(scripts == 0 ? "The warehouse is up to date." : $"The warehouse was migrated by {scripts} scripts.");
            return 0;
        }
        catch (FormatException invalid)
        {
            Console.Error.WriteLine(invalid.Message);
            return InvalidConfiguration;
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException)
        {
            Console.Error.WriteLine($"{failure.Message} {failure.InnerException?.Message}".TrimEnd());
            return Failed;
        }
    }
}
