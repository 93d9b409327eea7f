using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace Commerce.Streaming.WarehouseAudit;

/// <summary>Asks whether the tables of the warehouse agree with each other, in one snapshot: whoever writes goes on meanwhile. It reads only.</summary>
public static class TableAudit
{
    /// <summary>Names of the checks.</summary>
    public static IReadOnlyList<string> Checks { get; } = [.. AuditChecks.All.Select(check => check.Name)];

    /// <summary>One finding for each check, as each is done.</summary>
    /// <param name="connection">An open connection of a role that may read the tables.</param>
    /// <param name="secondsMax">Longest time that one check may take.</param>
    /// <exception cref="NpgsqlException">The database did not answer, or took longer.</exception>
    public static async IAsyncEnumerable<AuditFinding> RunAsync(
        NpgsqlConnection connection, AuditScope scope, int secondsMax, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using (var readOnly = new NpgsqlCommand("SET TRANSACTION READ ONLY; SET LOCAL search_path = warehouse", connection, snapshot))
            await readOnly.ExecuteNonQueryAsync(cancellation);
        foreach (var (name, says, sql) in AuditChecks.All)
        {
            await using var command = new NpgsqlCommand(sql, connection, snapshot)
            {
                CommandTimeout = secondsMax,
                Parameters =
                {
                    new NpgsqlParameter("platform", NpgsqlDbType.Text) { Value = scope.Platform ?? (object)DBNull.Value },
                    new NpgsqlParameter("settle", NpgsqlDbType.Interval) { Value = scope.Settle ?? (object)DBNull.Value },
                },
            };
            await using var row = await command.ExecuteReaderAsync(cancellation);
            await row.ReadAsync(cancellation);
            yield return new AuditFinding(name, says, row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? [] : row.GetFieldValue<string[]>(2));
        }
    }
}
