using Commerce.Collection;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Warehouse.Tests;

public sealed class MergeTests(PostgresFixture postgres)
{
    private const string Customers =
        "SELECT concat_ws('|', customer_key, coalesce(customer_id, '-'), order_count, total_spent) FROM warehouse.dim_customer ORDER BY 1";

    [Fact]
    public async Task Facts_and_customer_follow_a_merge()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "merge");
        await warehouse.LoadAsync(
            Said.Order("1", "a", user: "u1"), Said.Order("2", "b", Said.Noon.AddHours(1)), Said.Refund("r", "2", 5m, "b"), Said.Event(EventKind.IDENTIFY, "b"));
        (await warehouse.ValueAsync<long>("SELECT unique_customers FROM warehouse.agg_daily_summary")).ShouldBe(2);
        await warehouse.LoadAsync(Said.Merge("b", "a", 1));
        (await warehouse.QueryAsync<string>(Customers)).ShouldBe(["a|u1|2|35.0000"]);
        (await warehouse.QueryAsync<string>("SELECT DISTINCT customer_key FROM warehouse.fact_orders UNION SELECT customer_key FROM warehouse.fact_refunds")).ShouldBe(["a"]);
        (await warehouse.ValueAsync<long>("SELECT unique_customers FROM warehouse.agg_daily_summary")).ShouldBe(1);
        (await warehouse.ValueAsync<long>("SELECT customers FROM warehouse.agg_weekly_trends")).ShouldBe(1);
    }

    [Fact]
    public async Task Late_facts_of_a_loser_land_at_the_end_of_the_chain()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "late");
        await warehouse.LoadAsync(Said.Merge("b", "c", 2));
        await warehouse.LoadAsync(Said.Merge("a", "b", 1), Said.Merge("c", "d", 3));
        await warehouse.LoadAsync(Said.Merge("x", "a", 4));
        await warehouse.LoadAsync(Said.Order("1", "x"), Said.Order("2", "b"), Said.Refund("r", null, 1m, "a", user: "u"));
        (await warehouse.QueryAsync<string>(Customers)).ShouldBe(["d|u|2|39.0000"]);
        (await warehouse.QueryAsync<string>("SELECT concat_ws('>', loser, winner, resolved) FROM warehouse.profile_redirects ORDER BY 1"))
            .ShouldBe(["a>b>d", "b>c>d", "c>d>d", "x>a>d"]);
    }

    [Fact]
    public async Task Circle_of_merges_is_a_dead_letter()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "circle");
        await warehouse.LoadAsync(Said.Merge("a", "b", 1));
        await warehouse.NewLoader().LoadAsync([warehouse.Next(Said.Merge("b", "a", 2))], TestContext.Current.CancellationToken);
        warehouse.DeadLetters.Sent.Single().Failure!.Error.ShouldBe("merges form a circle");
    }
}
