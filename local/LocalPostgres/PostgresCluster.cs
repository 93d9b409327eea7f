using System.Globalization;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>A data directory and the PostgreSQL that runs it.</summary>
public sealed record PostgresCluster(PostgresBinaries Binaries, PostgresPlacement Placement)
{
    private const int LogTailLines = 20;

    public bool IsInitialised => File.Exists(Path.Combine(Placement.Directory, "PG_VERSION"));

    /// <summary>Makes the data directory with initdb; it appears under its name only when it is complete.</summary>
    /// <exception cref="LocalPostgresException">initdb failed; the message has the end of its output.</exception>
    public async Task InitialiseAsync(string wantedDirectory, string adminPassword, CancellationToken cancellation)
    {
        if (IsInitialised)
            return;
        var fresh = Placement with { Directory = Placement.Directory + ".new" };
        if (Directory.Exists(fresh.Directory))
            Directory.Delete(fresh.Directory, recursive: true);
        var passwordFile = fresh.Directory + ".secret";
        var log = fresh.Directory + ".log";
        Directory.CreateDirectory(Path.GetDirectoryName(fresh.Directory)!);
        await File.WriteAllTextAsync(passwordFile, "", cancellation);
        GiveTo(Placement.Account, passwordFile);
        await File.WriteAllTextAsync(passwordFile, adminPassword, cancellation);
        fresh.Create(fresh.Directory);
        try
        {
            var exitCode = await ChildProcesses.RunAsync(Initdb(fresh.Directory, passwordFile, log), cancellation);
            if (exitCode != 0)
                throw new LocalPostgresException($"initdb failed with exit code {exitCode}:\n{Tail(log)}");
        }
        finally
        {
            File.Delete(passwordFile);
        }
        File.Delete(log);
        if (Directory.Exists(Placement.Directory))
            Directory.Delete(Placement.Directory);
        Directory.Move(fresh.Directory, Placement.Directory);
        Placement.Create(wantedDirectory);
    }

    /// <summary>How to run it in the foreground. SIGINT is its fast and clean stop; SIGTERM would wait for every client.</summary>
    public ChildCommand Command(string host, int port, bool throwaway, string? logFile) =>
        new(Binaries.Postgres, [.. Arguments(host, port, throwaway)])
        {
            LogFile = logFile,
            RunAs = Placement.Account,
            ParentDeathSignal = Signal.Int,
            WorkingDirectory = Placement.Directory,
        };

    internal static string Tail(string logFile) =>
        File.Exists(logFile) ? string.Join('\n', File.ReadLines(logFile).TakeLast(LogTailLines)) : "(no output)";

    private IEnumerable<string> Arguments(string host, int port, bool throwaway)
    {
        string[] place =
        [
            $"listen_addresses={host}", string.Create(CultureInfo.InvariantCulture, $"port={port}"),
            "unix_socket_directories=", "log_line_prefix=%m [%p] %q%u@%d ", "log_timezone=UTC", "timezone=UTC",
        ];
        return ["-D", Placement.Directory, .. place.Concat(throwaway ? Throwaway : Durable).SelectMany(setting => new[] { "-c", setting })];
    }

    // A machine that runs everything: modest memory, long checkpoints (the sink writes steadily), and every commit on disk.
    private static readonly string[] Durable =
    [
        "shared_buffers=128MB", "max_wal_size=2GB", "min_wal_size=160MB", "checkpoint_timeout=15min", "wal_compression=on", "synchronous_commit=on", "jit=off",
    ];

    private static readonly string[] Throwaway =
    [
        "shared_buffers=64MB", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=1GB", "checkpoint_timeout=1h", "jit=off",
    ];

    // --no-locale: byte order sorts the same on every machine. English messages are what our log readers know.
    private ChildCommand Initdb(string directory, string passwordFile, string log) =>
        new(Binaries.Initdb,
            ["-D", directory, "-U", PostgresNames.Admin, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-instructions"])
        {
            LogFile = log,
            RunAs = Placement.Account,
            WorkingDirectory = directory,
        };

    private static void GiveTo(OsAccount? account, string file)
    {
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (account is not null && !CommandOutput.Succeeds("chown", $"{account.UserId}:{account.GroupId}", file))
            throw new LocalPostgresException($"{file} cannot be given to the account {account.Name}.");
    }
}
