using Npgsql;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>Roles, database and rights of the platform; every step can be repeated.</summary>
public static class PostgresRoles
{
    /// <summary>On our own server: as superuser, makes the owner, its database, and the reporting role.</summary>
    public static async Task EnsureAsync(string adminConnection, string database, PostgresPasswords passwords, CancellationToken cancellation)
    {
        await using (var admin = await OpenAsync(adminConnection, cancellation))
        {
            await EnsureRoleAsync(admin, PostgresNames.Owner, passwords.Owner, cancellation);
            await EnsureRoleAsync(admin, PostgresNames.Reporting, passwords.Reporting, cancellation);
            if (!await ExistsAsync(admin, "SELECT 1 FROM pg_database WHERE datname = $1", database, cancellation))
                await ExecuteAsync(admin, $"""CREATE DATABASE "{database}" OWNER {PostgresNames.Owner}""", cancellation);
        }
        var inside = new NpgsqlConnectionStringBuilder(adminConnection) { Database = database }.ConnectionString;
        await using var connection = await OpenAsync(inside, cancellation);
        foreach (var statement in Rights(PostgresNames.Owner, database))
            await ExecuteAsync(connection, statement, cancellation);
    }

    /// <summary>
    /// On somebody else's server, as the role in the URL: what its rights allow. Returns the statements that were refused,
    /// for an administrator to run; empty when everything is in place.
    /// </summary>
    public static async Task<IReadOnlyList<string>> EnsureExternalAsync(PostgresUrl owner, string reportingPassword, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(owner.ToConnectionString(), cancellation);
        var refused = new List<string>();
        await TryAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {PostgresNames.Schema}", refused, cancellation);
        var hasReporting = await ExistsAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", PostgresNames.Reporting, cancellation);
        if (!hasReporting || !await CanLogInAsync(owner, reportingPassword, cancellation))
            await TryAsync(connection, RoleStatement(PostgresNames.Reporting, reportingPassword, hasReporting), refused, cancellation);
        foreach (var statement in Rights(owner.User, owner.Database))
            await TryAsync(connection, statement, refused, cancellation);
        return refused;
    }

    /// <summary>True when the reporting role can be used on that server with this password.</summary>
    public static async Task<bool> CanLogInAsync(PostgresUrl owner, string reportingPassword, CancellationToken cancellation)
    {
        try
        {
            await using var probe = await OpenAsync(
                (owner with { User = PostgresNames.Reporting, Password = reportingPassword }).ToConnectionString(), cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string[] Rights(string owner, string database) =>
    [
        $"""CREATE SCHEMA IF NOT EXISTS {PostgresNames.Schema} AUTHORIZATION "{owner}" """,
        $"""GRANT CONNECT ON DATABASE "{database}" TO {PostgresNames.Reporting}""",
        $"GRANT USAGE ON SCHEMA {PostgresNames.Schema} TO {PostgresNames.Reporting}",
        $"GRANT SELECT ON ALL TABLES IN SCHEMA {PostgresNames.Schema} TO {PostgresNames.Reporting}",
        $"""ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA {PostgresNames.Schema} GRANT SELECT ON TABLES TO {PostgresNames.Reporting}""",
        $"ALTER ROLE {PostgresNames.Reporting} SET search_path = {PostgresNames.Schema}",
        $"ALTER ROLE {PostgresNames.Reporting} SET default_transaction_read_only = on",
    ];

    private static async Task EnsureRoleAsync(NpgsqlConnection admin, string role, string password, CancellationToken cancellation)
    {
        var exists = await ExistsAsync(admin, "SELECT 1 FROM pg_roles WHERE rolname = $1", role, cancellation);
        await ExecuteAsync(admin, RoleStatement(role, password, exists), cancellation);
    }

    private static string RoleStatement(string role, string password, bool exists)
    {
        if (!password.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException("A generated password has letters and digits only.", nameof(password));
        return $"{(exists ? "ALTER" : "CREATE")} ROLE {role} LOGIN PASSWORD '{password}'";
    }

    private static async Task TryAsync(NpgsqlConnection connection, string statement, List<string> refused, CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync(connection, statement, cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedObject)
        {
            refused.Add(statement.Trim() + ";");
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string query, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(query, connection) { Parameters = { new NpgsqlParameter { Value = name } } };
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
