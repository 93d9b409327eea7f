using Commerce.Streaming.Testing;
using Commerce.Streaming.Warehouse.Postgres;
using DbUp.Engine.Output;

namespace Commerce.Streaming.Warehouse.Tests;

public sealed class SchemaTests(PostgresFixture postgres)
{
    /// <summary>Names and order of the columns that reports may rely on; more may follow after them.</summary>
    private static readonly Dictionary<string, string> Promised = new(StringComparer.Ordinal)
    {
        ["fact_orders"] = "order_key, order_id, platform, date_key, customer_key, currency, revenue, tax, shipping, discount, refunded, net_revenue, item_count",
        ["fact_order_items"] = "item_key, order_key, product_key, quantity, price, discount",
        ["fact_refunds"] = "refund_key, refund_id, order_key, date_key, customer_key, amount",
        ["fact_attribution"] = "order_key, model, touch, channel, credit",
        ["dim_date"] = "date_key, date, day_of_week, day_number, week_number, month, month_name, quarter, year, is_weekend",
        ["dim_product"] = "product_key, product_id, title, category, price, platform",
        ["dim_customer"] = "customer_key, customer_id, profile_id, first_order, last_order, order_count, total_spent, avg_order_value, segment",
        ["staged_orders"] = "order_key",
        ["agg_daily_summary"] = "date, platform, orders, revenue, avg_order_value, unique_customers, items_sold, total_discounts",
        ["agg_weekly_trends"] = "week_start, platform, revenue, orders, aov, customers, prev_revenue, prev_orders, revenue_change_pct, order_change_pct",
        ["inventory_levels"] = "product_key",
        ["inventory_movements"] = "movement_id",
        ["quarantined_events"] = "source, message_id, name, reason, detail",
    };

    [Fact]
    public async Task Tables_have_the_promised_columns_in_their_order()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "columns");
        foreach (var (table, promised) in Promised)
        {
            var columns = await warehouse.QueryAsync<string>(
                $"SELECT column_name FROM information_schema.columns WHERE table_schema = 'warehouse' AND table_name = '{table}' ORDER BY ordinal_position");
            string.Join(", ", columns).ShouldStartWith(promised);
        }
    }

    [Fact]
    public async Task Every_table_and_column_says_what_it_is()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "comments");
        var silent = await warehouse.QueryAsync<string>("""
            SELECT c.relname || coalesce('.' || a.attname, '')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'warehouse'
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'v') AND c.relname <> 'schema_versions'
                AND (obj_description(c.oid) IS NULL OR col_description(c.oid, a.attnum) IS NULL)
            """);
        silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "again");
        Migrator.Migrate(warehouse.ConnectionString, new NoOpUpgradeLog()).ShouldBe(0);
    }

    [Fact]
    public async Task Dim_date_knows_ISO_weeks_and_English_names()
    {
        await using var warehouse = await TestWarehouse.CreateAsync(postgres, "dates");
        var day = await warehouse.ValueAsync<string>("SELECT row_to_json(d)::text FROM warehouse.dim_date d WHERE date_key = 20210103");
        day.ShouldBe("""{"date_key":20210103,"date":"2021-01-03","day_of_week":"Sunday","day_number":7,"week_number":53,"month":1,"month_name":"January","quarter":1,"year":2021,"is_weekend":true}""");
        (await warehouse.ValueAsync<long>("SELECT count(*) FROM warehouse.dim_date")).ShouldBe(21_915);
    }
}
