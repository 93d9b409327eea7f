using Npgsql;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>Positional parameters of statements.</summary>
internal static class Parameter
{
    public static NpgsqlParameter Of<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>One column of a set of rows, as the array that <c>unnest</c> takes.</summary>
    public static NpgsqlParameter Column<TRow, T>(this IReadOnlyCollection<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        var index = 0;
        foreach (var row in rows)
            column[index++] = value(row);
        return Of(column);
    }

    /// <summary>A time column. Postgres keeps UTC.</summary>
    public static NpgsqlParameter Times<TRow>(this IReadOnlyCollection<TRow> rows, Func<TRow, DateTimeOffset> value) =>
        rows.Column(row => value(row).UtcDateTime);
}
