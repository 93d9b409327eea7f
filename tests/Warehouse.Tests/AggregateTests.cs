using Commerce.Streaming.Testing;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Tests;

public sealed class AggregateTests(PostgresFixture postgres)
{
    private const string Weeks = """
        SELECT concat_ws('|', week_start, revenue, orders, aov, customers, coalesce(prev_revenue::text, '-'), coalesce(prev_orders::text, '-'),
                         coalesce(revenue_change_pct::text, '-'), coalesce(order_change_pct::text, '-'))
        FROM warehouse.agg_weekly_trends ORDER BY week_start
        """;

    [Fact]
    public async Task Week_stands_beside_the_calendar_week_before()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "weeks");
        await warehouse.LoadAsync(
            Said.Order("1", "a", Said.Noon), Said.Order("2", "a", Said.Noon.AddDays(7)), Said.Order("3", "b", Said.Noon.AddDays(8)),
            Said.Order("4", "b", Said.Noon.AddDays(22)));
        (await warehouse.QueryAsync<string>(Weeks)).ShouldBe(
        [
            "2026-03-02|20.0000|1|20.0000|1|-|-|-|-",
            "2026-03-09|40.0000|2|20.0000|2|20.0000|1|100.0000|100.0000",
            "2026-03-23|20.0000|1|20.0000|1|0.0000|0|-|-",
        ]);
    }

    [Fact]
    public async Task Earlier_first_week_gives_the_former_first_one_something_before_it()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "first");
        await warehouse.LoadAsync(Said.Order("1", "a", Said.Noon));
        await warehouse.LoadAsync(Said.Order("2", "a", Said.Noon.AddDays(-21)));
        (await warehouse.QueryAsync<string>(Weeks)).ShouldBe(["2026-02-09|20.0000|1|20.0000|1|-|-|-|-", "2026-03-02|20.0000|1|20.0000|1|0.0000|0|-|-"]);
    }

    [Fact]
    public async Task Days_that_a_former_owner_put_off_are_taken_over_with_its_partitions()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "takeover");
        await warehouse.LoadAsync(Said.Order("1", "a", Said.Noon));
        await warehouse.Sink.CatchUpAsync(TestContext.Current.CancellationToken);
        await warehouse.QueryAsync<int>("DELETE FROM warehouse.agg_daily_summary");
        await warehouse.QueryAsync<int>("INSERT INTO warehouse.sink_stale_days VALUES ('shop', 20260304)");
        warehouse.Sink.ReadPositions([new TopicPartition("commerce.orders.completed.v1", 0)]);
        await warehouse.Sink.CatchUpAsync(TestContext.Current.CancellationToken);
        (await warehouse.QueryAsync<string>("SELECT date::text FROM warehouse.agg_daily_summary")).ShouldBe(["2026-03-04"]);
    }

    [Fact]
    public async Task Segments_end_at_50_200_and_1000()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "segments");
        decimal[] spent = [50m, 50.0001m, 200m, 200.0001m, 1000m, 1000.0001m];
        foreach (var (amount, number) in spent.Select((amount, number) => (amount, number)))
            await warehouse.LoadAsync(Said.Order($"{number}", "p" + number, null, null, null, Said.Line(1, "A", 1, amount)));
        (await warehouse.QueryAsync<string>("SELECT segment FROM warehouse.dim_customer ORDER BY customer_key")).ShouldBe(["low", "medium", "medium", "high", "high", "vip"]);
    }
}
