using Commerce.Streaming.LocalPostgres;
using Commerce.Streaming.Testing.Containers;
using Npgsql;
using Xunit;

namespace Commerce.Streaming.Testing;

/// <summary>
/// One Postgres for a test assembly: the one that COMMERCE_TEST_POSTGRES_URL names, else one in a container when containers are
/// asked for, else a real server of our own. Every test class takes a database of its own from <see cref="CreateDatabaseAsync"/>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private const string Template = "commerce";
    private readonly List<string> _databases = [];
    private readonly SemaphoreSlim _creating = new(1, 1);
    private IAsyncDisposable? _server;
    private string? _admin;
    private string _owner = "";

    public async ValueTask InitializeAsync()
    {
        if (TestEnvironment.PostgresUrl is { } external)
        {
            _owner = external;
            return;
        }

        if (TestEnvironment.UsesContainers)
        {
            await StartContainerAsync();
            return;
        }

        var server = await LocalPostgresServer.StartAsync(new LocalPostgresOptions { Database = Template });
        (_server, _owner, _admin) = (server, server.Url, server.AdminConnectionString);
    }

    /// <summary>Makes an empty database with the schema <c>warehouse</c> and answers the libpq URL of its owner.</summary>
    public async Task<string> CreateDatabaseAsync(string purpose, CancellationToken cancellationToken = default)
    {
        var name = $"test_{purpose.Replace('-', '_')}_{Guid.NewGuid():N}";
        // Two copies of one template at once are refused by Postgres.
        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (_admin is null)
                await CreateOnExternalAsync(name, cancellationToken);
            else
                await ExecuteAsync(WithoutDatabase(_admin), $"CREATE DATABASE {name} OWNER {PostgresNames.Owner} TEMPLATE {Template}", cancellationToken);
            _databases.Add(name);
        }
        finally
        {
            _creating.Release();
        }

        return UrlOf(name);
    }

    /// <summary>The libpq URL as a connection string for Npgsql.</summary>
    public static string ConnectionStringOf(string url) => PostgresUrl.Parse(url).ToConnectionString();

    public async ValueTask DisposeAsync()
    {
        _creating.Dispose();
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
            return;
        }

        foreach (var database in _databases)
            await ExecuteAsync(ConnectionStringOf(_owner), $"DROP DATABASE IF EXISTS {database} WITH (FORCE)", CancellationToken.None);
    }

    private async Task CreateOnExternalAsync(string name, CancellationToken cancellationToken)
    {
        await ExecuteAsync(ConnectionStringOf(_owner), $"CREATE DATABASE {name}", cancellationToken);
        await ExecuteAsync(ConnectionStringOf(UrlOf(name)), $"CREATE SCHEMA IF NOT EXISTS {PostgresNames.Schema}", cancellationToken);
    }

    private string UrlOf(string database) => (PostgresUrl.Parse(_owner) with { Database = database }).ToString();

    // The same roles, rights and template as on the server of our own.
    private async Task StartContainerAsync()
    {
        var container = await StoreContainers.StartPostgresAsync();
        var passwords = PostgresPasswords.Generate();
        _server = container;
        _admin = container.GetConnectionString();
        await PostgresRoles.EnsureAsync(WithoutDatabase(_admin), Template, passwords, CancellationToken.None);
        var at = new NpgsqlConnectionStringBuilder(_admin);
        _owner = new PostgresUrl(PostgresNames.Owner, passwords.Owner, at.Host!, at.Port, Template).ToString();
    }

    private static string WithoutDatabase(string adminConnection) =>
        new NpgsqlConnectionStringBuilder(adminConnection) { Database = "postgres" }.ConnectionString;

    private static async Task ExecuteAsync(string connectionString, string statement, CancellationToken cancellationToken)
    {
        // Without pooling: an idle connection would keep its database from being dropped or copied.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
