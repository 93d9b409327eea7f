using Commerce.Streaming.Testing;
using Commerce.Streaming.Warehouse.Audit;
using Commerce.Streaming.WarehouseAudit;

namespace Commerce.Streaming.Warehouse.Tests;

/// <summary>The nightly audit on PostgreSQL itself: silent about what agrees, and each check finds what it is for.</summary>
public sealed class AuditTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Tables_that_the_sink_wrote_agree_and_each_kind_of_damage_is_found()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "audit");
        await warehouse.LoadAsync(Said.Order("1", "a", Said.Noon, null, null, Said.Line(1, "A", 2, 10m), Said.Line(2, "B", 1, 5m)), Said.Order("2", "b", Said.Noon.AddDays(8)));
        await warehouse.LoadAsync(Said.Refund("r", "1", 5m, "a"));
        await warehouse.QueryAsync<int>("""
            INSERT INTO warehouse.fact_attribution (order_key, model, touch, channel, credit, currency, version, loaded_at)
            SELECT order_key, model, '0', 'direct', net_revenue, currency, 1, loaded_at
            FROM warehouse.fact_orders CROSS JOIN (VALUES ('last_touch'), ('linear'), ('position_based'), ('time_decay')) AS m (model)
            """);
        await warehouse.QueryAsync<int>(Ledger);
        (await AuditAsync(warehouse)).ShouldBe((0, []));

        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (check, damage, repair) in Damages)
        {
            await warehouse.QueryAsync<int>(damage);
            var (code, wrong) = await AuditAsync(warehouse);
            code.ShouldBe(3, damage);
            wrong.ShouldHaveSingleItem(damage).ShouldContain(check);
            found.Add(check);
            await warehouse.QueryAsync<int>(repair);
        }

        (await AuditAsync(warehouse)).ShouldBe((0, []));
        // Of these more than one check must speak.
        await warehouse.QueryAsync<int>("UPDATE warehouse.inventory_movements SET quantity = -quantity");
        (await AuditAsync(warehouse)).Wrong.ShouldContain(line => line.Contains("never below zero"));
        await warehouse.QueryAsync<int>("UPDATE warehouse.fact_orders SET refunded = 0");
        (await AuditAsync(warehouse)).Wrong.ShouldContain(line => line.Contains("refunded in orders"));
        (found.Count + 2).ShouldBe(TableAudit.Checks.Count, "checks that nothing was broken for");
    }

    private static readonly (string Check, string Damage, string Repair)[] Damages =
    [
        ("credits of", "UPDATE warehouse.fact_attribution SET credit = credit + 0.01 WHERE model = 'linear'", "UPDATE warehouse.fact_attribution SET credit = credit - 0.01 WHERE model = 'linear'"),
        ("lines of", "UPDATE warehouse.fact_order_items SET quantity = quantity + 1 WHERE line = 2", "UPDATE warehouse.fact_order_items SET quantity = quantity - 1 WHERE line = 2"),
        ("daily", "UPDATE warehouse.agg_daily_summary SET orders = orders + 1", "UPDATE warehouse.agg_daily_summary SET orders = orders - 1"),
        ("daily", "UPDATE warehouse.agg_daily_summary SET total_discounts = total_discounts + 1", "UPDATE warehouse.agg_daily_summary SET total_discounts = total_discounts - 1"),
        ("daily", "UPDATE warehouse.agg_daily_summary SET avg_order_value = avg_order_value + 1", "UPDATE warehouse.agg_daily_summary SET avg_order_value = avg_order_value - 1"),
        ("weekly", "UPDATE warehouse.agg_weekly_trends SET revenue = revenue + 1", "UPDATE warehouse.agg_weekly_trends SET revenue = revenue - 1"),
        ("weekly", "UPDATE warehouse.agg_weekly_trends SET customers = customers + 1", "UPDATE warehouse.agg_weekly_trends SET customers = customers - 1"),
        ("weekly", "UPDATE warehouse.agg_weekly_trends SET aov = aov + 1", "UPDATE warehouse.agg_weekly_trends SET aov = aov - 1"),
        ("customers", "UPDATE warehouse.dim_customer SET order_count = order_count + 1", "UPDATE warehouse.dim_customer SET order_count = order_count - 1"),
        ("customers", "UPDATE warehouse.dim_customer SET segment = segment || '?'", "UPDATE warehouse.dim_customer SET segment = rtrim(segment, '?')"),
        ("customers", "INSERT INTO warehouse.dim_customer (customer_key, profile_id, order_count, total_spent, segment, loaded_at) VALUES ('nobody', 'nobody', 1, 0, 'low', now())", "DELETE FROM warehouse.dim_customer WHERE customer_key = 'nobody'"),
        ("on hand", "UPDATE warehouse.inventory_levels SET on_hand = 4", "UPDATE warehouse.inventory_levels SET on_hand = 3"),
        ("on hand", "INSERT INTO warehouse.inventory_levels VALUES ('shop:B', 'shop', 'B', 1, 0, 0, 1, 1, now(), now() - interval '2 hours')", "DELETE FROM warehouse.inventory_levels WHERE sku = 'B'"),
        ("movements numbered", "UPDATE warehouse.inventory_movements SET version = 3 WHERE version = 2", "UPDATE warehouse.inventory_movements SET version = 2 WHERE version = 3"),
        ("movements numbered", "UPDATE warehouse.inventory_movements SET on_hand_after = 6 WHERE version = 1", "UPDATE warehouse.inventory_movements SET on_hand_after = 5 WHERE version = 1"),
    ];

    /// <summary>Levels come by another topic than movements, and their versions count reservations as well.</summary>
    [Theory]
    [InlineData("UPDATE warehouse.inventory_levels SET version = 9, reserved = 2", 0, "reservations are no movements")]
    [InlineData("UPDATE warehouse.inventory_levels SET on_hand = 5", 3, "the second movement has been there for long")]
    [InlineData("UPDATE warehouse.inventory_levels SET on_hand = 5; UPDATE warehouse.inventory_movements SET loaded_at = now() WHERE version = 2", 0, "the level may come late")]
    [InlineData("UPDATE warehouse.inventory_levels SET on_hand = 4; UPDATE warehouse.inventory_movements SET loaded_at = now() WHERE version = 2", 3, "the stock was never that")]
    [InlineData("UPDATE warehouse.inventory_levels SET on_hand = 1, loaded_at = now()", 0, "a movement may come late")]
    [InlineData("DELETE FROM warehouse.inventory_levels", 3, "the level has been missing for long")]
    [InlineData("DELETE FROM warehouse.inventory_levels; UPDATE warehouse.inventory_movements SET loaded_at = now()", 0, "the first level may come late")]
    public async Task A_level_is_compared_with_where_the_ledger_stood_when_it_can_have_come(string change, int code, string why)
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "audit_stock");
        await warehouse.QueryAsync<int>(Ledger);
        await warehouse.QueryAsync<int>(change);
        (await AuditAsync(warehouse)).Code.ShouldBe(code, why);
    }

    [Fact]
    public async Task A_refund_of_an_order_from_before_the_shop_was_connected_is_no_fault_until_everything_must_be_there()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "audit_refund");
        await warehouse.LoadAsync(Said.Refund("r", "unknown", 5m, "a"));
        (await AuditAsync(warehouse)).Code.ShouldBe(0);

        await using var connection = await warehouse.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var findings = await TableAudit.RunAsync(connection, new AuditScope("shop", Settle: null), 60, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        findings.Where(finding => finding.Wrong > 0).Select(finding => finding.Check).ShouldBe(["refunds"]);
        var elsewhere = await TableAudit.RunAsync(connection, new AuditScope("another", Settle: null), 60, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        elsewhere.ShouldAllBe(finding => finding.Wrong == 0);
    }

    private const string Ledger = """
        INSERT INTO warehouse.inventory_movements (product_key, platform, sku, version, kind, quantity, on_hand_after, reference, command_id, occurred_at, loaded_at)
        VALUES ('shop:A', 'shop', 'A', 1, 'receipt', 5, 5, 'r', 'c1', now(), now() - interval '2 hours'), ('shop:A', 'shop', 'A', 2, 'sale', -2, 3, 'r', 'c2', now(), now() - interval '2 hours');
        INSERT INTO warehouse.inventory_levels VALUES ('shop:A', 'shop', 'A', 3, 0, 0, 3, 2, now(), now() - interval '2 hours')
        """;

    [Fact]
    public async Task What_another_topic_may_still_bring_is_not_a_fault_yet()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "audit_young");
        await warehouse.LoadAsync(Said.Order("1", "a"));
        (await AuditAsync(warehouse)).Code.ShouldBe(3, "loaded long ago, and no credits");
        await warehouse.QueryAsync<int>("UPDATE warehouse.fact_orders SET loaded_at = now()");
        (await AuditAsync(warehouse)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Settings_that_make_no_sense_and_a_server_that_is_away_have_codes_of_their_own()
    {
        var silent = TextWriter.Null;
        (await AuditCommand.RunAsync([], silent, silent, TestContext.Current.CancellationToken)).ShouldBe(78);
        (await AuditCommand.RunAsync(["--Postgres:Url=postgresql://nobody@127.0.0.1:1/none"], silent, silent, TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    private static async Task<(int Code, string[] Wrong)> AuditAsync(TestWarehouse warehouse)
    {
        var output = new StringWriter();
        var code = await AuditCommand.RunAsync([$"--Postgres:Url={warehouse.Url}"], output, TextWriter.Null, TestContext.Current.CancellationToken);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(TableAudit.Checks.Count);
        return (code, [.. lines.Where(line => line.StartsWith("WRONG", StringComparison.Ordinal))]);
    }
}
