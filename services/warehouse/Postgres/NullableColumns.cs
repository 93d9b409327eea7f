using Npgsql;
using NpgsqlTypes;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>Columns of a binary COPY that may be null.</summary>
internal static class NullableColumns
{
    public static void WriteNullable(this NpgsqlBinaryImporter importer, string? value)
    {
        if (value is null)
            importer.WriteNull();
        else
            importer.Write(value, NpgsqlDbType.Text);
    }

    public static void WriteNullable(this NpgsqlBinaryImporter importer, DateTimeOffset? value)
    {
        if (value is { } time)
            importer.Write(time.UtcDateTime, NpgsqlDbType.TimestampTz);
        else
            importer.WriteNull();
    }
}
