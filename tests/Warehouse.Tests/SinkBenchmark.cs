using System.Globalization;
using Avro.Specific;
using Commerce.Attribution;
using Commerce.Orders;
using Commerce.Streaming.Testing;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Tests;

/// <summary>
/// The sink beside bare COPY of the same rows into tables with the same columns, keys and indexes: rows by CPU second (ours and the
/// server's), which a busy machine does not distort. Run by name.
/// </summary>
public sealed class SinkBenchmark(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int Orders = 10_000;
    private const int LinesPerOrder = 26;
    private const int Products = 3_000;
    private const int Customers = 1_500;
    private const int BatchRecords = 1_000;
    private const int WarmUpRounds = 4;

    /// <summary>The later ones tell: in the first the compiler is still at work.</summary>
    private const int Rounds = 3;

    [Fact(Explicit = true)]
    public async Task Sink_beside_bare_copy()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "benchmark");
        await WarmUpAsync(warehouse);
        for (var round = 0; round < Rounds; round++)
        {
            await warehouse.EmptyAsync();
            await MeasureAsync(warehouse, "orders", ["staged_orders", "fact_orders", "fact_order_items"], Enumerable.Range(0, Orders).Select(OrderOf), BatchRecords);
            await MeasureAsync(warehouse, "credits", ["fact_attribution"], Enumerable.Range(0, Orders).Select(CreditsOf), BatchRecords);
            await MeasureAsync(warehouse, "movements", ["inventory_movements"], Movements(), BatchRecords * 10);
            await MeasureAsync(warehouse, "levels", [], Movements().Select(moved => Said.Level(moved.Sku, moved.Version, moved.OnHandAfter)), BatchRecords * 10);
        }
    }

    private async Task MeasureAsync(TestWarehouse warehouse, string what, string[] tables, IEnumerable<ISpecificRecord> records, int batchRecords)
    {
        var (count, own) = (0, TimeSpan.Zero);
        var server = await ServerCpuAsync(warehouse);
        foreach (var batch in records.Select(warehouse.Next).Chunk(batchRecords))
        {
            var before = Environment.CpuUsage.TotalTime;
            await warehouse.LoadAsync(batch);
            own += Environment.CpuUsage.TotalTime - before;
            count += batch.Length;
        }

        server = await ServerCpuAsync(warehouse) - server;
        var (rows, bareOwn, bareServer) = (0L, TimeSpan.Zero, TimeSpan.Zero);
        foreach (var table in tables)
        {
            var bare = await BareCopyAsync(warehouse, table);
            (rows, bareOwn, bareServer) = (rows + bare.Rows, bareOwn + bare.Own, bareServer + bare.Server);
        }

        output.WriteLine($"{what}: {count} records, {rows} rows; sink {own.TotalSeconds:F2} + {server.TotalSeconds:F2} s; bare COPY {bareOwn.TotalSeconds:F2} + {bareServer.TotalSeconds:F2} s; {(bareOwn + bareServer) / (own + server):P0} of its rate");
    }

    /// <summary>All rows of a table, out as binary COPY and into an empty table.</summary>
    private static async Task<(long Rows, TimeSpan Own, TimeSpan Server)> BareCopyAsync(TestWarehouse warehouse, string table)
    {
        await using var connection = await warehouse.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var columns = await ScalarAsync<string>(connection, $"SELECT string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = 'warehouse' AND table_name = '{table}' AND is_generated = 'NEVER'");
        await ExecuteAsync(connection, $"CREATE TABLE bare (LIKE warehouse.{table} INCLUDING ALL)");
        var bytes = new MemoryStream();
        await using (var source = await connection.BeginRawBinaryCopyAsync($"COPY warehouse.{table} ({columns}) TO STDOUT (FORMAT binary)", TestContext.Current.CancellationToken))
            await source.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        bytes.Position = 0;
        var own = Environment.CpuUsage.TotalTime;
        var server = await ServerCpuAsync(warehouse);
        await using (var target = await connection.BeginRawBinaryCopyAsync($"COPY bare ({columns}) FROM STDIN (FORMAT binary)", TestContext.Current.CancellationToken))
            await bytes.CopyToAsync(target, TestContext.Current.CancellationToken);
        own = Environment.CpuUsage.TotalTime - own;
        server = await ServerCpuAsync(warehouse) - server;
        var rows = await ScalarAsync<long>(connection, "SELECT count(*) FROM bare");
        await ExecuteAsync(connection, "DROP TABLE bare");
        return (rows, own, server);
    }

    /// <summary>What the server's processes of this database have used so far, from the kernel's books.</summary>
    private static async Task<TimeSpan> ServerCpuAsync(TestWarehouse warehouse)
    {
        const int UserTicks = 13, SystemTicks = 14, TicksPerSecond = 100;
        var pids = await warehouse.QueryAsync<int>("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'");
        return TimeSpan.FromSeconds(pids.Sum(pid =>
        {
            var fields = File.ReadAllText($"/proc/{pid}/stat").Split(' ');
            return (long.Parse(fields[UserTicks], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTicks], CultureInfo.InvariantCulture)) / (double)TicksPerSecond;
        }));
    }

    /// <summary>Enough for the compiler to have made its fast code; its rows go away again.</summary>
    private static async Task WarmUpAsync(TestWarehouse warehouse)
    {
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await warehouse.LoadAsync([.. Enumerable.Range(0, BatchRecords).Select(number => (ISpecificRecord)OrderOf(number))]);
            await warehouse.LoadAsync([.. Enumerable.Range(0, BatchRecords).Select(number => (ISpecificRecord)CreditsOf(number))]);
            await warehouse.LoadAsync([.. Movements().Take(BatchRecords * 10)]);
            await warehouse.EmptyAsync();
        }
    }

    internal static OrderCompleted OrderOf(int number) => Said.Order(
        $"{number}", $"p{Math.Abs(number) % Customers}", Said.Noon.AddMinutes(number), $"u{Math.Abs(number) % Customers}",
        lines: [.. Enumerable.Range(1, LinesPerOrder).Select(line => Said.Line(line, $"sku{Math.Abs(number * 31 + line * 17) % Products}", line, 1.25m * line))]);

    internal static OrderCredited CreditsOf(int number)
    {
        var three = Said.Credits($"{number}", 1, ($"a{number}", 5m), ($"b{number}", 5m), ($"c{number}", 5m));
        return three with { Models = [.. new[] { "last_touch", "linear", "position_based", "time_decay" }.Select(model => three.Models[0] with { Model = model })] };
    }

    private static IEnumerable<Inventory.StockMoved> Movements() => Enumerable.Range(0, Orders * LinesPerOrder)
        .Select(number => Said.Movement($"sku{number % Products}", (number / Products) + 1, 1, (number / Products) + 1));

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
