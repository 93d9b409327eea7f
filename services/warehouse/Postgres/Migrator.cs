using DbUp;
using DbUp.Engine.Output;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>Brings the schema <c>warehouse</c> to the newest version; a second run changes nothing.</summary>
internal static class Migrator
{
    private const string Schema = "warehouse";
    private const string Journal = "schema_versions";
    private const long LockKey = 7210331006;

    /// <returns>Number of scripts that were run.</returns>
    /// <exception cref="InvalidOperationException">A script failed; it and those after it have changed nothing.</exception>
    public static int Migrate(string connectionString, IUpgradeLog log)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        connection.Open();
        // Several instances may start at once: the later ones wait and find nothing to do.
        Execute(connection, $"SELECT pg_advisory_lock({LockKey})");
        Execute(connection, $"CREATE SCHEMA IF NOT EXISTS {Schema}");
        var upgrade = DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(typeof(Migrator).Assembly)
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .JournalToPostgresqlTable(Schema, Journal)
            .LogTo(log)
            .Build();
        var result = upgrade.PerformUpgrade();
        if (!result.Successful)
            throw new InvalidOperationException($"migration {result.ErrorScript?.Name} failed", result.Error);
        Execute(connection, $"COMMENT ON TABLE {Schema}.{Journal} IS 'Migrations that have run.'");
        return result.Scripts.Count();
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
