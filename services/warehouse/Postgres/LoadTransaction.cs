using Npgsql;
using NpgsqlTypes;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>The open transaction of one batch, and what its statements have found to be affected so far.</summary>
internal sealed class LoadTransaction(NpgsqlConnection connection, DateTimeOffset loadedAt)
{
    /// <summary>Clock at which the batch began to load: every row's loaded_at.</summary>
    public DateTime LoadedAt { get; } = loadedAt.UtcDateTime;

    /// <summary><see cref="LoadedAt"/> as a parameter.</summary>
    public NpgsqlParameter Now => Parameter.Of(LoadedAt);

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

    /// <summary>Binary COPY. Rows are written without awaiting each: the driver flushes when its buffer is full.</summary>
    public async Task CopyAsync(string copy, Action<NpgsqlBinaryImporter> writeRows, CancellationToken cancellationToken)
    {
        await using var importer = await connection.BeginBinaryImportAsync(copy, cancellationToken);
        writeRows(importer);
        await importer.CompleteAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }
}
