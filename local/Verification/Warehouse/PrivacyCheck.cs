using Dapper;
using Npgsql;

namespace Commerce.Streaming.Verification.Warehouse;

/// <summary>Looks for e-mail addresses in the clear in every column of every warehouse table that can hold text.</summary>
public static class PrivacyCheck
{
    private const int CommandTimeoutSeconds = 120;
    private const string TextPattern = "[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}";

    // Bytes look like an address by chance sooner or later: ask for more of one.
    private const string BytesPattern = "[A-Za-z0-9._%+-]{3,}@[A-Za-z0-9-]{3,}(\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}";

    private const string ColumnsSql = """
        SELECT c.table_name, c.column_name, c.data_type
        FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'warehouse' AND t.table_type = 'BASE TABLE'
          AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY', 'USER-DEFINED')
        ORDER BY c.table_name, c.ordinal_position
        """;

    public static async Task<Check> RunAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var columns = (await connection.QueryAsync<(string Table, string Column, string Type)>(
            new CommandDefinition(ColumnsSql, cancellationToken: cancellation))).ToList();
        var found = new List<string>();
        foreach (var table in columns.GroupBy(column => column.Table))
        {
            var counts = string.Join(", ", table.Select((column, i) => $"count(*) FILTER (WHERE {Condition(column.Column, column.Type)}) AS c{i}"));
            var sql = $"SELECT {counts} FROM warehouse.{Quote(table.Key)}";
            var row = (IDictionary<string, object>)await connection.QuerySingleAsync(
                new CommandDefinition(sql, commandTimeout: CommandTimeoutSeconds, cancellationToken: cancellation));
            found.AddRange(table.Zip(row.Values)
                .Where(pair => (long)pair.Second > 0)
                .Select(pair => $"{pair.First.Table}.{pair.First.Column}: {Numbers.Text((long)pair.Second)} rows"));
        }
        return new Check(
            "e-mail addresses in the clear", "none", found.Count == 0 ? $"none in {columns.Count} columns" : $"in {found.Count} columns",
            [.. found.Take(Check.DifferencesMax)], found.Count);
    }

    private static string Condition(string column, string type)
    {
        var text = type == "bytea" ? $"encode({Quote(column)}, 'escape')" : $"{Quote(column)}::text";
        // Most values have no @, and looking for one costs a fraction of a regular expression.
        return $"position('@' IN {text}) > 0 AND {text} ~ '{(type == "bytea" ? BytesPattern : TextPattern)}'";
    }

    private static string Quote(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
