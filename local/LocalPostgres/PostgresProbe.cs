using Npgsql;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>Waits for a server that is starting.</summary>
public static class PostgresProbe
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Completes when the server takes connections, or false as soon as <paramref name="exited"/> completes before that.</summary>
    /// <exception cref="PostgresException">The server answers, but refuses us (wrong password, missing database).</exception>
    public static async Task<bool> WaitAsync(string connectionString, Task exited, CancellationToken cancellation)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5 }.ConnectionString;
        while (!exited.IsCompleted)
        {
            if (await TryAsync(unpooled, cancellation))
                return true;
            await Task.WhenAny(exited, Task.Delay(Pause, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
        return false;
    }

    private static async Task<bool> TryAsync(string connectionString, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.CannotConnectNow)
        {
            throw;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
