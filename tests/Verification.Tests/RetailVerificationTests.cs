using Commerce.Streaming.OnlineRetail;
using Commerce.Streaming.OnlineRetail.Truth;
using Commerce.Streaming.Testing;
using Commerce.Streaming.Verification.Retail;
using Dapper;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Commerce.Streaming.Verification.Tests;

public sealed class RetailVerificationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly string Excerpt = Path.Combine(AppContext.BaseDirectory, "excerpt.csv");
    private static readonly RetailPlan Plan = RetailPlan.For(RetailFile.Read(Excerpt), new RetailOptions { WithTouches = false });
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync()
    {
        var url = await postgres.CreateDatabaseAsync("verification");
        _database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(PostgresFixture.ConnectionStringOf(url)) { SearchPath = "warehouse" }.ConnectionString);
        await using var connection = await _database.OpenConnectionAsync();
        await PerfectWarehouse.MigrateAsync(connection);
        await new PerfectWarehouse(connection).LoadAsync(Plan);
    }

    [Fact]
    public async Task Perfect_tables_pass_every_check()
    {
        var checks = await RunAsync();

        checks.Where(check => !check.Passed).ShouldBeEmpty();
        checks.Single(check => check.Subject == "revenue of orders").Actual.ShouldBe("2,777.601");
        checks.Count.ShouldBeGreaterThan(18);
    }

    /// <summary>Each kind of damage is seen by the check that is there for it.</summary>
    [Fact]
    public async Task Every_kind_of_damage_is_seen()
    {
        foreach (var (damage, subject) in Damages)
        {
            await using var connection = await _database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS undo (statement text)");
            var failed = (await DamagedAsync(damage)).Where(check => !check.Passed).Select(check => check.Subject).ToList();
            failed.ShouldContain(subject, damage);
        }
    }

    [Fact]
    public async Task A_refund_in_another_currency_does_not_count_against_its_order()
    {
        const string Agreement = "refunded in orders = linked refunds";
        const string Other = """
            INSERT INTO fact_refunds (refund_key, refund_id, order_key, date_key, customer_key, amount, platform, currency, source, message_id, refunded_at, received_at, loaded_at)
            SELECT 'online-retail:other:536365', 'other', order_key, date_key, customer_key, 5, platform, '{0}', source, 'other', ordered_at, received_at, loaded_at
            FROM fact_orders WHERE order_id = '536365'
            """;

        (await DamagedAsync(Other.Replace("{0}", "EUR", StringComparison.Ordinal))).Single(check => check.Subject == Agreement).Passed.ShouldBeTrue();
        (await DamagedAsync(Other.Replace("{0}", "GBP", StringComparison.Ordinal))).Single(check => check.Subject == Agreement).Passed.ShouldBeFalse();
    }

    private static readonly (string Damage, string Subject)[] Damages =
    [
        ("DELETE FROM fact_orders WHERE order_id = '536365'", "orders"),
        ("DELETE FROM fact_order_items WHERE order_key = 'online-retail:536365' AND line = 1", "order lines"),
        ("UPDATE fact_order_items SET quantity = quantity + 1 WHERE order_key = 'online-retail:536365' AND line = 1", "units"),
        ("UPDATE fact_orders SET revenue = revenue + 0.001 WHERE order_id = '536365'", "revenue of orders"),
        ("UPDATE fact_order_items SET price = price + 0.001 WHERE order_key = 'online-retail:536365' AND line = 1", "revenue of order lines"),
        ("UPDATE fact_orders SET date_key = 20101202 WHERE order_id = '536365'", "revenue by day"),
        ("UPDATE dim_customer SET total_spent = total_spent + 1 WHERE customer_id = '17850'", "net spend by customer"),
        ("DELETE FROM fact_refunds WHERE refund_id = 'C537251'", "refund invoices"),
        ("DELETE FROM quarantined_events WHERE message_id IN (SELECT message_id FROM quarantined_events LIMIT 1)", "invoices in quarantine"),
        ("UPDATE inventory_levels SET on_hand = on_hand + 1 WHERE sku = '85123A'", "on hand = sum of movements"),
        ("UPDATE inventory_levels SET owed = 1 WHERE sku = '85123A'", "nothing owed or reserved at the end"),
        ("UPDATE inventory_movements SET version = version + 10 WHERE sku = '85123A' AND version = 2", "movements numbered without gaps, each stating its sum"),
        ("DELETE FROM inventory_movements WHERE sku = '85123A' AND kind = 'receipt'", "never below zero after any movement"),
        ("UPDATE inventory_movements SET quantity = quantity + 1 WHERE sku = '85123A' AND kind = 'receipt'", "receipts by product"),
        ("UPDATE fact_attribution SET credit = credit + 0.01 WHERE order_key = 'online-retail:536365' AND model = 'linear'", "credits of every order and model = its net revenue"),
        ("DELETE FROM fact_attribution WHERE order_key = 'online-retail:536365' AND model = 'time_decay'", "credits of every order and model = its net revenue"),
        ("UPDATE fact_orders SET refunded = refunded + 1 WHERE order_id = '536365'", "refunded in orders = linked refunds"),
        ("UPDATE agg_daily_summary SET orders = orders + 1 WHERE date = '2010-12-01'", "daily summary = its orders"),
        ("DELETE FROM agg_weekly_trends WHERE week_start = '2010-11-29'", "weekly trends = their orders"),
        ("UPDATE dim_customer SET segment = 'low' WHERE customer_id = '17850'", "customers = their orders and refunds"),
        ("UPDATE quarantined_events SET detail = 'from customer-17850@example.org'", "e-mail addresses in the clear"),
        ("UPDATE quarantined_events SET raw = 'customer-17850@example.org'::bytea", "e-mail addresses in the clear"),
    ];

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    /// <summary>Runs the checks on damaged tables and mends them again.</summary>
    private async Task<IReadOnlyList<Check>> DamagedAsync(string damage)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var table = damage.Split(' ')[damage.StartsWith("UPDATE", StringComparison.Ordinal) ? 1 : 2];
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        var columns = string.Join(", ", await connection.QueryAsync<string>(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'warehouse' AND table_name = @table AND is_generated = 'NEVER'",
            new { table }));
        await connection.ExecuteAsync($"CREATE TABLE public.kept AS SELECT {columns} FROM {table}; {damage}");
        var checks = await RunAsync();
        await connection.ExecuteAsync($"DELETE FROM {table}; INSERT INTO {table} ({columns}) SELECT {columns} FROM public.kept; DROP TABLE public.kept");
        return checks;
    }

    private Task<IReadOnlyList<Check>> RunAsync() => RetailVerification.RunAsync(
        _database, "online-retail", TruthReader.Read(Excerpt), RetailExtras.Of(Plan), TestContext.Current.CancellationToken);
}
