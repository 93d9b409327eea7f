using Npgsql;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>The open transaction of one batch, and what its statements have found to be affected so far.</summary>
internal sealed class LoadTransaction(NpgsqlConnection connection, DateTimeOffset loadedAt)
{
    /// <summary>Clock at which the batch began to load: every row's loaded_at.</summary>
    public DateTimeOffset LoadedAt => loadedAt;

    /// <summary><see cref="LoadedAt"/> as a parameter.</summary>
    public NpgsqlParameter Now => Parameter.Of(loadedAt.UtcDateTime);

    /// <summary>Orders whose refunds must be summed again.</summary>
    public HashSet<string> Orders { get; } = new(StringComparer.Ordinal);

    /// <summary>Profiles whose customer row must be computed again.</summary>
    public HashSet<string> Customers { get; } = new(StringComparer.Ordinal);

    /// <summary>Days whose aggregates must be computed again.</summary>
    public HashSet<(string Platform, int DateKey)> Days { get; } = [];

    /// <summary>Tables that have new rows.</summary>
    public HashSet<string> Tables { get; } = new(StringComparer.Ordinal);

    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Binary COPY into the columns that the statement names.</summary>
    public async Task CopyAsync(string copy, short columns, Action<CopyRows> writeRows, CancellationToken cancellationToken)
    {
        var stream = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken);
        try
        {
            using var rows = new CopyRows(stream, columns);
            rows.Begin();
            writeRows(rows);
            rows.End();
        }
        catch
        {
            // Disposing would end the copy as if it were complete.
            await stream.CancelAsync();
            throw;
        }

        await stream.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }
}
