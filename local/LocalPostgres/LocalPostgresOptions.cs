namespace Commerce.Streaming.LocalPostgres;

/// <summary>A PostgreSQL of our own on this machine.</summary>
public sealed record LocalPostgresOptions
{
    /// <summary>Null: a fresh folder under the temporary folder.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>0: any free port.</summary>
    public int Port { get; init; }

    public string Host { get; init; } = "127.0.0.1";

    public string Database { get; init; } = "commerce";

    /// <summary>
    /// For tests: copied from a cached cluster, without the writes that survive a power cut, and deleted when it is disposed.
    /// Transactions, locks and crashes of *clients* behave as always.
    /// </summary>
    public bool Throwaway { get; init; } = true;

    /// <summary>File for the server's log. Null: `postgres.log` beside the data.</summary>
    public string? LogFile { get; init; }

    /// <summary>Needed unless <see cref="Throwaway"/>, which makes its own.</summary>
    public PostgresPasswords? Passwords { get; init; }
}
