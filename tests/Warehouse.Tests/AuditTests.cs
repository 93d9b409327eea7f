using Commerce.Streaming.Testing;
using Commerce.Streaming.Warehouse.Audit;

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
        await warehouse.QueryAsync<int>("""
            INSERT INTO warehouse.inventory_movements (product_key, platform, sku, version, kind, quantity, on_hand_after, reference, command_id, occurred_at, loaded_at)
            VALUES ('shop:A', 'shop', 'A', 1, 'received', 5, 5, 'r', 'c1', now(), now()), ('shop:A', 'shop', 'A', 2, 'sold', -2, 3, 'r', 'c2', now(), now());
            INSERT INTO warehouse.inventory_levels VALUES ('shop:A', 'shop', 'A', 3, 0, 0, 3, 2, now(), now())
            """);
        (await AuditAsync(warehouse)).ShouldBe((0, []));

        (string Check, string Damage, string Repair)[] damages =
        [
            ("credits of", "UPDATE warehouse.fact_attribution SET credit = credit + 0.01 WHERE model = 'linear'", "UPDATE warehouse.fact_attribution SET credit = credit - 0.01 WHERE model = 'linear'"),
            ("lines of", "UPDATE warehouse.fact_order_items SET quantity = quantity + 1 WHERE line = 2", "UPDATE warehouse.fact_order_items SET quantity = quantity - 1 WHERE line = 2"),
            ("daily", "UPDATE warehouse.agg_daily_summary SET orders = orders + 1", "UPDATE warehouse.agg_daily_summary SET orders = orders - 1"),
            ("weekly", "UPDATE warehouse.agg_weekly_trends SET revenue = revenue + 1", "UPDATE warehouse.agg_weekly_trends SET revenue = revenue - 1"),
            ("customers", "UPDATE warehouse.dim_customer SET order_count = order_count + 1", "UPDATE warehouse.dim_customer SET order_count = order_count - 1"),
            ("on hand", "UPDATE warehouse.inventory_levels SET on_hand = 4", "UPDATE warehouse.inventory_levels SET on_hand = 3"),
            ("on hand", "UPDATE warehouse.inventory_movements SET version = 3 WHERE version = 2", "UPDATE warehouse.inventory_movements SET version = 2 WHERE version = 3"),
        ];
        foreach (var (check, damage, repair) in damages)
        {
            await warehouse.QueryAsync<int>(damage);
            var (code, wrong) = await AuditAsync(warehouse);
            code.ShouldBe(3, damage);
            wrong.ShouldHaveSingleItem(damage).ShouldContain(check);
            await warehouse.QueryAsync<int>(repair);
        }

        (await AuditAsync(warehouse)).ShouldBe((0, []));
        await warehouse.QueryAsync<int>("UPDATE warehouse.fact_orders SET refunded = 0");
        (await AuditAsync(warehouse)).Wrong.ShouldContain(line => line.Contains("refunded in orders"));
    }

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
        lines.Length.ShouldBe(AuditChecks.All.Count);
        return (code, [.. lines.Where(line => line.StartsWith("WRONG", StringComparison.Ordinal))]);
    }
}
