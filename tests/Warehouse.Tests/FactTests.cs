using Commerce.Collection;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Warehouse.Tests;

public sealed class FactTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset BeforeMidnightInBerlin = new(2026, 3, 4, 23, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Order_becomes_rows_on_the_shops_own_date()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "order");
        await warehouse.LoadAsync(Said.Order("1", "p1", BeforeMidnightInBerlin, "u1", null, Said.Line(1, "A", 2, 10m), Said.Line(2, "A", 1, 0.125m)));
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', order_key, order_id, platform, date_key, customer_key, currency, revenue, tax, shipping, discount, refunded, net_revenue, item_count, line_count, loaded_at AT TIME ZONE 'UTC') FROM warehouse.fact_orders"))
            .ShouldBe(["shop:1|1|shop|20260305|p1|EUR|20.1250|1.5000|0.0000|0.2500|0.0000|20.1250|3|2|2026-05-01 08:00:00"]);
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', item_key, order_key, product_key, quantity, price, discount) FROM warehouse.fact_order_items ORDER BY line"))
            .ShouldBe(["shop:1:1|shop:1|shop:A|2|10.0000|0.0000", "shop:1:2|shop:1|shop:A|1|0.1250|0.0000"]);
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', customer_key, customer_id, profile_id, first_order, last_order, order_count, total_spent, avg_order_value, segment) FROM warehouse.dim_customer"))
            .ShouldBe(["p1|u1|p1|2026-03-05|2026-03-05|1|20.1250|20.1250|low"]);
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', date, platform, orders, revenue, avg_order_value, unique_customers, items_sold, total_discounts) FROM warehouse.agg_daily_summary"))
            .ShouldBe(["2026-03-05|shop|1|20.1250|20.1250|1|3|0.2500"]);
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', order_key, message_id, log_offset) FROM warehouse.staged_orders")).ShouldBe(["shop:1|order-1|0"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refund_lowers_the_day_of_its_order_whichever_comes_first(bool orderFirst)
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "refund");
        var order = Said.Order("1", "p1");
        var refund = Said.Refund("r1", "1", 5m, "p1");
        await warehouse.LoadAsync(orderFirst ? order : refund);
        await warehouse.LoadAsync(orderFirst ? refund : order);
        await warehouse.LoadAsync(Said.Refund("r2", orderId: null, 2m, "p1"));
        (await warehouse.ValueAsync<string>("SELECT concat_ws('|', revenue, refunded, net_revenue) FROM warehouse.fact_orders")).ShouldBe("20.0000|5.0000|15.0000");
        (await warehouse.ValueAsync<string>("SELECT concat_ws('|', date, revenue) FROM warehouse.agg_daily_summary")).ShouldBe("2026-03-04|15.0000");
        (await warehouse.ValueAsync<decimal>("SELECT total_spent FROM warehouse.dim_customer")).ShouldBe(13m);
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', refund_key, coalesce(order_key, '-'), date_key, amount) FROM warehouse.fact_refunds ORDER BY 1"))
            .ShouldBe(["shop:r1:1|shop:1|20260305|5.0000", "shop:r2:-|-|20260305|2.0000"]);
    }

    [Fact]
    public async Task First_statement_of_an_order_holds_and_every_one_is_staged()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "restated");
        await warehouse.LoadAsync(Said.Order("1", "p1", Said.Noon, null, "m1", Said.Line(1, "A", 1, 10m), Said.Line(2, "B", 1, 5m)));
        await warehouse.LoadAsync(Said.Order("1", "p2", Said.Noon.AddDays(2), null, "m2", Said.Line(1, "A", 1, 7m)));
        await warehouse.LoadAsync(Said.Order("1", "p3", Said.Noon.AddDays(1), null, "m3", Said.Line(1, "C", 1, 9m)));
        (await warehouse.ValueAsync<string>("SELECT concat_ws('|', customer_key, date_key, revenue) FROM warehouse.fact_orders")).ShouldBe("p1|20260304|15.0000");
        (await warehouse.QueryAsync<string>("SELECT item_key FROM warehouse.fact_order_items ORDER BY 1")).ShouldBe(["shop:1:1", "shop:1:2"]);
        (await warehouse.QueryAsync<string>("SELECT date::text FROM warehouse.agg_daily_summary")).ShouldBe(["2026-03-04"]);
        (await warehouse.ValueAsync<long>("SELECT count(*) FROM warehouse.staged_orders")).ShouldBe(3);
    }

    [Fact]
    public async Task Higher_version_of_credits_replaces_all_rows_of_the_order()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "credits");
        await warehouse.LoadAsync(Said.Credits("1", 1, ("a", 5m), ("b", 5m)));
        await warehouse.LoadAsync(Said.Credits("1", 3, ("b", 4m)), Said.Credits("1", 2, ("a", 4m)));
        await warehouse.LoadAsync(Said.Credits("1", 2, ("a", 3m)));
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', order_key, model, touch, channel, credit, version) FROM warehouse.fact_attribution"))
            .ShouldBe(["shop:1|linear|b|email|4.0000|3"]);
    }

    [Fact]
    public async Task Of_equal_versions_the_one_that_comes_later_holds()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "equal");
        await warehouse.LoadAsync(Said.Credits("1", 2, ("a", 5m)), Said.Credits("1", 2, ("b", 5m)), Said.Level("A", 2, 7), Said.Level("A", 2, 6));
        (await warehouse.QueryAsync<string>("SELECT touch FROM warehouse.fact_attribution")).ShouldBe(["b"]);
        (await warehouse.QueryAsync<string>("SELECT on_hand::text FROM warehouse.inventory_levels")).ShouldBe(["6"]);
        await warehouse.LoadAsync(Said.Credits("1", 2, ("c", 5m)), Said.Level("A", 2, 5));
        (await warehouse.QueryAsync<string>("SELECT touch FROM warehouse.fact_attribution")).ShouldBe(["c"]);
        (await warehouse.QueryAsync<string>("SELECT on_hand::text FROM warehouse.inventory_levels")).ShouldBe(["5"]);
    }

    [Fact]
    public async Task Movements_of_a_log_that_ended_give_way_to_those_that_are_said_instead()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "withdrawn");
        await warehouse.LoadAsync(Said.Movement("A", 1, 10, 10), Said.Movement("A", 2, -3, 7), Said.Movement("A", 3, -2, 5), Said.Movement("B", 1, 1, 1));
        await warehouse.LoadAsync(Said.Movement("A", 1, 10, 10), Said.Movement("A", 2, -4, 6), Said.Movement("A", 3, -1, 5), Said.Movement("B", 1, 1, 1));
        await warehouse.LoadAsync(Said.Movement("A", 4, -5, 0));
        await warehouse.LoadAsync(Said.Movement("A", 3, -6, 0));
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', movement_id, quantity, on_hand_after) FROM warehouse.inventory_movements ORDER BY 1"))
            .ShouldBe(["shop/A/1|10|10", "shop/A/2|-4|6", "shop/A/3|-6|0", "shop/B/1|1|1"]);
    }

    [Fact]
    public async Task Movements_that_come_after_later_ones_of_their_product_are_not_taken_for_known()
    {
        // Once partitions have been raised, a topic that is read again from its beginning has a product's first movements in one
        // partition and its later ones in another.
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "two-partitions");
        await warehouse.LoadAsync(Said.Movement("A", 4, -1, 6), Said.Movement("A", 5, -1, 5));
        await warehouse.LoadAsync(Said.Movement("A", 1, 10, 10), Said.Movement("A", 2, -2, 8));
        await warehouse.LoadAsync(Said.Movement("A", 2, -2, 8), Said.Movement("A", 3, -1, 7), Said.Movement("A", 4, -1, 6));
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', movement_id, quantity, on_hand_after) FROM warehouse.inventory_movements ORDER BY 1"))
            .ShouldBe(["shop/A/1|10|10", "shop/A/2|-2|8", "shop/A/3|-1|7", "shop/A/4|-1|6", "shop/A/5|-1|5"]);
    }

    [Fact]
    public async Task Stock_is_the_sum_of_movements_that_count_once()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "stock");
        await warehouse.LoadAsync(Said.Movement("A", 1, 10, 10), Said.Movement("A", 2, -3, 7), Said.Level("A", 2, 7), Said.Level("A", 1, 10));
        await warehouse.LoadAsync(Said.Movement("A", 2, -3, 7), Said.Movement("A", 3, -7, 0), Said.Level("A", 1, 10), Said.Movement("B", 1, 1, 1));
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', movement_id, kind, quantity, on_hand_after) FROM warehouse.inventory_movements ORDER BY 1"))
            .ShouldBe(["shop/A/1|receipt|10|10", "shop/A/2|sale|-3|7", "shop/A/3|sale|-7|0", "shop/B/1|receipt|1|1"]);
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', product_key, on_hand, version) FROM warehouse.inventory_levels")).ShouldBe(["shop:A|7|2"]);
    }

    [Fact]
    public async Task Product_shows_its_latest_title_and_its_latest_positive_price()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "product");
        await warehouse.LoadAsync(Said.Order("2", "p", Said.Noon.AddDays(1), null, null, Said.Line(1, "A", 1, 12m, "New")));
        await warehouse.LoadAsync(
            Said.Order("3", "p", Said.Noon.AddDays(2), null, null, Said.Line(1, "A", 1, 0m, "Newest")),
            Said.Order("1", "p", Said.Noon, null, null, Said.Line(1, "A", 1, 99m, "Old")));
        (await warehouse.ValueAsync<string>("SELECT concat_ws('|', product_key, product_id, title, price, platform) FROM warehouse.dim_product")).ShouldBe("shop:A|A|Newest|12.0000|shop");
    }

    [Fact]
    public async Task Identified_profile_is_a_customer_before_it_orders()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "identify");
        await warehouse.LoadAsync(Said.Event(EventKind.IDENTIFY, "p1", "u1"), Said.Event(EventKind.IDENTIFY, "p2"), Said.Event(EventKind.PAGE, "p3", "u3"));
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', customer_key, coalesce(customer_id, '-'), order_count, total_spent, segment) FROM warehouse.dim_customer ORDER BY 1"))
            .ShouldBe(["p1|u1|0|0.0000|low", "p2|-|0|0.0000|low"]);
    }

    [Fact]
    public async Task Quarantined_event_sent_again_is_one_row()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "quarantine");
        await warehouse.LoadAsync(Said.Quarantined("m1", "negative_price"), Said.Quarantined("m1", "negative_price"));
        await warehouse.LoadAsync(Said.Quarantined("m1", "negative_price"));
        (await warehouse.QueryAsync<string>("SELECT concat_ws('|', source, message_id, reason, raw) FROM warehouse.quarantined_events"))
            .ShouldBe([@"web|m1|negative_price|\x010203"]);
    }
}
