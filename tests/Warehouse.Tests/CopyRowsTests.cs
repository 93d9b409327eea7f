using Commerce.Streaming.Testing;
using Commerce.Streaming.Warehouse.Domain;
using Commerce.Streaming.Warehouse.Postgres;
using CsCheck;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Tests;

public sealed class CopyRowsTests(PostgresFixture postgres)
{
    private sealed record Row(string? Text, int Int, long Long, bool Bool, decimal Amount, DateTimeOffset Time, DateTimeOffset? MayBe);

    private static readonly Gen<Row> AnyRow = Gen.Select(
        Gen.String[Gen.Char['\u0001', '\ud7ff'], 0, 40].Null(), Gen.Int, Gen.Long, Gen.Bool,
        Gen.Long[-9_999_999_999_999_999, 9_999_999_999_999_999].Select(scaled => scaled / 10_000m),
        Gen.Long[0, 4_000_000_000_000].Select(DateTimeOffset.FromUnixTimeMilliseconds),
        (text, number, big, flag, amount, time) => new Row(text, number, big, flag, amount, time, flag ? time : null));

    [Fact]
    public async Task Rows_come_back_as_they_were()
    {
        await using var connection = new NpgsqlConnection(PostgresFixture.ConnectionStringOf(await postgres.CreateDatabaseAsync("copy")));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        Row[] edges =
        [
            new("", 0, 0, false, 0m, DateTimeOffset.UnixEpoch, null), new(new string('ü', 100_000), -1, -1, true, -0.0001m, DateTimeOffset.UnixEpoch, null),
            new("a", 1, 1, true, 10_000m, DateTimeOffset.UnixEpoch, null), new("a", 1, 1, true, 999_999_999_999_999.9999m, DateTimeOffset.UnixEpoch, null),
        ];
        await ExecuteAsync(connection, "CREATE TEMP TABLE t (id serial, text text, int int, long bigint, bool bool, amount numeric(19,4), time timestamptz, maybe timestamptz)");
        await AnyRow.Array[0, 100].SampleAsync(
            async any =>
            {
                Row[] written = [.. edges, .. any];
                await ExecuteAsync(connection, "TRUNCATE t");
                await new LoadTransaction(connection, default).CopyAsync(
                    "COPY t (text, int, long, bool, amount, time, maybe) FROM STDIN (FORMAT binary)", 7, copy => Array.ForEach(written, row => Write(copy, row)),
                    TestContext.Current.CancellationToken);
                (await ReadAsync(connection)).ShouldBe(written);
            },
            iter: 10, threads: 1);
    }

    [Theory]
    [InlineData("1000000000000000")]
    [InlineData("0.00001")]
    public void Amount_that_the_tables_cannot_hold_breaks_the_contract(string amount)
    {
        using var copy = new CopyRows(Stream.Null, 1);
        Should.Throw<ContractException>(() => copy.Amount(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static void Write(CopyRows copy, Row row)
    {
        copy.Row();
        copy.Text(row.Text);
        copy.Int(row.Int);
        copy.Long(row.Long);
        copy.Bool(row.Bool);
        copy.Amount(row.Amount);
        copy.Time(row.Time);
        copy.Time(row.MayBe);
    }

    private static async Task<List<Row>> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT text, int, long, bool, amount, time, maybe FROM t ORDER BY id", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<Row>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(new Row(
                reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetBoolean(3), reader.GetDecimal(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return rows;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
