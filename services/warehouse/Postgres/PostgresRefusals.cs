using Npgsql;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>Errors that belong to the data and come again with them, as opposed to those of the server or of its schema.</summary>
internal static class PostgresRefusals
{
    private const string DataException = "22";
    private const string IntegrityConstraintViolation = "23";
    private const string ProgramLimitExceeded = "54";

    public static bool IsRefusal(PostgresException failure) =>
        failure.SqlState.StartsWith(DataException, StringComparison.Ordinal)
        || failure.SqlState.StartsWith(IntegrityConstraintViolation, StringComparison.Ordinal)
        || failure.SqlState.StartsWith(ProgramLimitExceeded, StringComparison.Ordinal);

    /// <summary>Code, table and constraint. Not the message: it may quote values.</summary>
    public static string Describe(PostgresException failure) =>
        string.Join(' ', new[] { failure.SqlState, failure.TableName, failure.ConstraintName ?? failure.ColumnName }.Where(part => !string.IsNullOrEmpty(part)));
}
