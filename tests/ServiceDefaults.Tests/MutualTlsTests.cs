using System.Globalization;
using Commerce.Streaming.LocalPostgres;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Testing;
using Microsoft.Extensions.Configuration;
using Npgsql;
using StackExchange.Redis;

namespace Commerce.Streaming.ServiceDefaults.Tests;

/// <summary>Servers that ask for a certificate, reached by the variables alone. PostgreSQL and Redis themselves, not stand-ins.</summary>
public sealed class MutualTlsTests : IAsyncDisposable
{
    private readonly ThrowawayFolder _folder = new("commerce-test-tls");
    private readonly CertificateAuthority _authority;

    public MutualTlsTests() => _authority = new CertificateAuthority(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Postgres_knows_us_by_our_certificate_and_we_it_by_its_own()
    {
        await using var server = await LocalPostgresServer.StartAsync(new LocalPostgresOptions(), Token);
        await AskForCertificatesAsync(server);
        var ours = _authority.Issue(PostgresNames.Owner);
        var url = string.Create(CultureInfo.InvariantCulture, $"postgresql://{PostgresNames.Owner}@127.0.0.1:{server.Port}/commerce?sslmode=verify-full");
        var variables = new Dictionary<string, string?>
        {
            ["Postgres:Url"] = url,
            ["Postgres:SslCaLocation"] = _authority.CaFile,
            ["Postgres:SslCertificateLocation"] = ours.CertificateFile,
            ["Postgres:SslKeyLocation"] = ours.KeyFile,
        };

        // A session sees new settings before the server that takes connections does.
        await Eventually(async () => await WhoAsync(Postgres(variables)) == (PostgresNames.Owner, true));
        (await WhoAsync(new PostgresOptions { Url = $"{url}&sslrootcert={_authority.CaFile}&sslcert={ours.CertificateFile}&sslkey={ours.KeyFile}" }))
            .ShouldBe((PostgresNames.Owner, true));
        // The commands of the repository read the same URL.
        await using (var byCommands = new NpgsqlConnection(PostgresUrl.Parse($"{url}&sslrootcert={_authority.CaFile}&sslcert={ours.CertificateFile}&sslkey={ours.KeyFile}").ToConnectionString()))
            await byCommands.OpenAsync(Token);

        variables.Remove("Postgres:SslCertificateLocation");
        variables.Remove("Postgres:SslKeyLocation");
        await Should.ThrowAsync<NpgsqlException>(() => WhoAsync(Postgres(variables)));
        var stranger = new CertificateAuthority(_folder.Child("stranger"));
        await Should.ThrowAsync<NpgsqlException>(() => WhoAsync(Postgres(new(variables)
        {
            ["Postgres:SslCaLocation"] = stranger.CaFile, ["Postgres:SslCertificateLocation"] = ours.CertificateFile, ["Postgres:SslKeyLocation"] = ours.KeyFile,
        })));
    }

    [Fact]
    public async Task Redis_asks_for_a_certificate_and_a_password()
    {
        Assert.SkipWhen(Executables.Find("redis-server") is null, "redis-server is not installed");
        var (theirs, ours) = (_authority.Issue("redis"), _authority.Issue("commerce-services"));
        var port = LoopbackPorts.FindFree();
        using var server = await ChildProcesses.StartAsync(new ChildCommand("redis-server",
        [
            "--port", "0", "--tls-port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--requirepass", "s:cret",
            "--tls-cert-file", theirs.CertificateFile, "--tls-key-file", theirs.KeyFile, "--tls-ca-cert-file", _authority.CaFile, "--tls-auth-clients", "yes",
        ])
        { LogFile = Path.Combine(_folder.Path, "redis.log"), WorkingDirectory = _folder.Path });
        var settings = new Dictionary<string, string?>
        {
            ["Redis:Url"] = string.Create(CultureInfo.InvariantCulture, $"rediss://127.0.0.1:{port}"),
            ["Redis:Password"] = "s:cret",
            ["Redis:SslCaLocation"] = _authority.CaFile,
            ["Redis:SslCertificateLocation"] = ours.CertificateFile,
            ["Redis:SslKeyLocation"] = ours.KeyFile,
        };

        await using (var redis = await ConnectionMultiplexer.ConnectAsync(Redis(settings)))
        {
            var database = redis.GetDatabase();
            await Eventually(async () => await database.StringSetAsync("key", "value"));
            ((string?)await database.StringGetAsync("key")).ShouldBe("value");
        }

        settings.Remove("Redis:SslCertificateLocation");
        settings.Remove("Redis:SslKeyLocation");
        var without = Redis(settings);
        without.AbortOnConnectFail = true;
        without.ConnectRetry = 0;
        await Should.ThrowAsync<RedisConnectionException>(async () => await ConnectionMultiplexer.ConnectAsync(without));
        await server.StopAsync(Signal.Term, TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        _authority.Dispose();
        await _folder.DisposeAsync();
    }

    private static PostgresOptions Postgres(Dictionary<string, string?> settings) => Read<PostgresOptions>(settings, PostgresOptions.Section);

    private static ConfigurationOptions Redis(Dictionary<string, string?> settings) => Read<RedisOptions>(settings, RedisOptions.Section).ToConfiguration();

    private static T Read<T>(Dictionary<string, string?> settings, string section) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(section).Get<T>()!;

    private static async Task<(string User, bool Encrypted)> WhoAsync(PostgresOptions options)
    {
        await using var connection = new NpgsqlConnection(options.ToConnectionString() + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand("SELECT current_user::text, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", connection);
        await using var reader = await command.ExecuteReaderAsync(Token);
        await reader.ReadAsync(Token);
        return (reader.GetString(0), reader.GetBoolean(1));
    }

    // The server writes the files itself: it may run as another account, and its key must be nobody else's.
    private async Task AskForCertificatesAsync(LocalPostgresServer server)
    {
        var theirs = _authority.Issue("postgres-server");
        await using var admin = new NpgsqlConnection(server.AdminConnectionString + ";Pooling=false");
        await admin.OpenAsync(Token);
        var data = (string)(await new NpgsqlCommand("SHOW data_directory", admin).ExecuteScalarAsync(Token))!;
        foreach (var (name, text) in new[]
        {
            ("server.crt", await File.ReadAllTextAsync(theirs.CertificateFile, Token)), ("server.key", await File.ReadAllTextAsync(theirs.KeyFile, Token)),
            ("ca.crt", await File.ReadAllTextAsync(_authority.CaFile, Token)),
            ("pg_hba.conf", $"hostnossl all {PostgresNames.Admin} 127.0.0.1/32 scram-sha-256\nhostssl all all 127.0.0.1/32 cert clientcert=verify-full"),
        })
        {
            await new NpgsqlCommand($"COPY (SELECT unnest(string_to_array($text${text}$text$, E'\\n'))) TO PROGRAM 'umask 077; cat > {data}/{name}'", admin).ExecuteNonQueryAsync(Token);
        }

        foreach (var setting in new[] { "ssl_cert_file = 'server.crt'", "ssl_key_file = 'server.key'", "ssl_ca_file = 'ca.crt'", "ssl = on" })
            await new NpgsqlCommand($"ALTER SYSTEM SET {setting}", admin).ExecuteNonQueryAsync(Token);
        await new NpgsqlCommand("SELECT pg_reload_conf()", admin).ExecuteScalarAsync(Token);
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (Exception notYet) when (notYet is RedisConnectionException or NpgsqlException)
            {
                // It starts.
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
