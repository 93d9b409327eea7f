using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>A running PostgreSQL with the platform's roles and database; ends when it is disposed, or with this process.</summary>
public sealed class LocalPostgresServer : IAsyncDisposable
{
    private const int PortAttempts = 5;
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly LocalPostgresOptions _options;
    private readonly ChildProcess _process;
    private readonly PostgresPasswords _passwords;
    private readonly string? _throwawayFolder;

    private LocalPostgresServer(LocalPostgresOptions options, ChildProcess process, PostgresPasswords passwords, int port, string? throwawayFolder)
    {
        _options = options;
        _process = process;
        _passwords = passwords;
        _throwawayFolder = throwawayFolder;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The role that owns the database, as a libpq URL.</summary>
    public string Url => UrlOf(PostgresNames.Owner, _passwords.Owner).ToString();

    /// <summary>The role that owns the database, for Npgsql.</summary>
    public string ConnectionString => UrlOf(PostgresNames.Owner, _passwords.Owner).ToConnectionString();

    /// <summary>The role that only reads the schema `warehouse`, as a libpq URL.</summary>
    public string ReportingUrl => UrlOf(PostgresNames.Reporting, _passwords.Reporting).ToString();

    /// <summary>The superuser, for Npgsql.</summary>
    public string AdminConnectionString => UrlOf(PostgresNames.Admin, _passwords.Admin).ToConnectionString();

    /// <summary>Starts PostgreSQL, installing it first where that is possible, and waits until it takes connections.</summary>
    /// <exception cref="LocalPostgresException">It cannot be had or started; the message says why.</exception>
    public static async Task<LocalPostgresServer> StartAsync(LocalPostgresOptions options, CancellationToken cancellation = default)
    {
        var binaries = await PostgresInstaller.ObtainAsync(options.DataDirectory ?? "", _ => { }, cancellation);
        return await StartAsync(options, binaries, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(Signal.Int, StopGrace);
        _process.Dispose();
        if (_throwawayFolder is null)
            return;
        PostgresPlacement.Delete(_throwawayFolder);
        File.Delete(LogFileOf(_options, _throwawayFolder));
    }

    internal static async Task<LocalPostgresServer> StartAsync(LocalPostgresOptions options, PostgresBinaries binaries, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(StartLimit);
        var wanted = options.DataDirectory ?? Path.Combine(Path.GetTempPath(), $"commerce-postgres-{Guid.NewGuid():N}");
        var placement = PostgresPlacement.Resolve(wanted);
        var cluster = new PostgresCluster(binaries, placement);
        var passwords = await PrepareAsync(options, cluster, wanted, limited.Token);
        for (var attempt = 1; ; attempt++)
        {
            var port = options.Port == 0 ? LoopbackPorts.FindFree() : options.Port;
            var log = LogFileOf(options, wanted);
            var process = await ChildProcesses.StartAsync(cluster.Command(options.Host, port, options.Throwaway, log));
            var server = new LocalPostgresServer(options, process, passwords, port, options.Throwaway ? wanted : null);
            if (await server.BecomesReadyAsync(limited.Token))
                return server;
            if (options.Port != 0 || attempt == PortAttempts)
                throw new LocalPostgresException($"PostgreSQL ended with exit code {process.ExitCode}:\n{PostgresCluster.Tail(log)}");
        }
    }

    private static async Task<PostgresPasswords> PrepareAsync(
        LocalPostgresOptions options, PostgresCluster cluster, string wanted, CancellationToken cancellation)
    {
        if (options.Throwaway)
            return await PostgresTemplate.For(cluster.Binaries, cluster.Placement).CopyToAsync(cluster, wanted, cancellation);
        var passwords = options.Passwords ?? throw new ArgumentException("A cluster that stays needs its passwords.", nameof(options));
        await cluster.InitialiseAsync(wanted, passwords.Admin, cancellation);
        return passwords;
    }

    private async Task<bool> BecomesReadyAsync(CancellationToken cancellation)
    {
        try
        {
            var admin = UrlOf(PostgresNames.Admin, _passwords.Admin) with { Database = "postgres" };
            if (!await PostgresProbe.WaitAsync(admin.ToConnectionString(), _process.Exited, cancellation))
                return false;
            if (!_options.Throwaway || _options.Database != PostgresNames.Owner)
                await PostgresRoles.EnsureAsync(admin.ToConnectionString(), _options.Database, _passwords, cancellation);
            return true;
        }
        catch
        {
            await _process.StopAsync(Signal.Int, StopGrace);
            throw;
        }
    }

    private static string LogFileOf(LocalPostgresOptions options, string dataDirectory) => options.LogFile ?? dataDirectory + ".log";

    private PostgresUrl UrlOf(string user, string password) => new(user, password, _options.Host, Port, _options.Database);
}
