namespace Commerce.Streaming.Warehouse.Postgres;

internal sealed partial class AggregateLoad
{
    private const string Days = """
        days AS (SELECT DISTINCT platform COLLATE "C" AS platform, date_key, make_date(date_key / 10000, date_key / 100 % 100, date_key % 100) AS date
                 FROM unnest($1::text[], $2::int[]) AS affected(platform, date_key))
        """;

    private const string Weeks = Days + """
        ,
        weeks AS (SELECT DISTINCT platform, date_trunc('week', date)::date AS week_start FROM days),
        bounds AS (SELECT platform, week_start, to_char(week_start, 'YYYYMMDD')::int AS first_day, to_char(week_start + 6, 'YYYYMMDD')::int AS last_day FROM weeks)
        """;

    private const string PutOff = """
        INSERT INTO warehouse.sink_stale_days (platform, date_key) SELECT * FROM unnest($1::text[], $2::int[]) ON CONFLICT DO NOTHING
        """;

    private const string TakeStale = "DELETE FROM warehouse.sink_stale_days RETURNING platform, date_key";

    private const string Daily = "WITH " + Days + """

        INSERT INTO warehouse.agg_daily_summary (
            date, platform, orders, revenue, avg_order_value, unique_customers, items_sold, total_discounts, currency, loaded_at)
        SELECT d.date, d.platform, f.orders, f.revenue, round(f.revenue / f.orders, 4), f.customers, f.items, f.discounts, f.currency, $3
        FROM days d CROSS JOIN LATERAL (
            SELECT count(*) AS orders, sum(o.net_revenue) AS revenue, count(DISTINCT o.customer_key) AS customers, sum(o.item_count) AS items,
                   sum(o.discount) AS discounts, CASE WHEN min(o.currency) = max(o.currency) THEN min(o.currency) END AS currency
            FROM warehouse.fact_orders o WHERE o.platform = d.platform AND o.date_key = d.date_key) AS f
        WHERE f.orders > 0
        ON CONFLICT (date, platform) DO UPDATE SET
            orders = excluded.orders, revenue = excluded.revenue, avg_order_value = excluded.avg_order_value,
            unique_customers = excluded.unique_customers, items_sold = excluded.items_sold, total_discounts = excluded.total_discounts,
            currency = excluded.currency, loaded_at = excluded.loaded_at
        """;

    private const string Weekly = "WITH " + Weeks + """

        INSERT INTO warehouse.agg_weekly_trends (week_start, platform, revenue, orders, aov, customers, currency, loaded_at)
        SELECT w.week_start, w.platform, f.revenue, f.orders, round(f.revenue / f.orders, 4), f.customers, f.currency, $3
        FROM bounds w CROSS JOIN LATERAL (
            SELECT count(*) AS orders, sum(o.net_revenue) AS revenue, count(DISTINCT o.customer_key) AS customers,
                   CASE WHEN min(o.currency) = max(o.currency) THEN min(o.currency) END AS currency
            FROM warehouse.fact_orders o WHERE o.platform = w.platform AND o.date_key BETWEEN w.first_day AND w.last_day) AS f
        WHERE f.orders > 0
        ON CONFLICT (week_start, platform) DO UPDATE SET
            revenue = excluded.revenue, orders = excluded.orders, aov = excluded.aov, customers = excluded.customers,
            currency = excluded.currency, loaded_at = excluded.loaded_at
        """;

    // All weeks of the platform: an earlier first week changes the row of what was the first before, wherever that is.
    private const string Previous = """
        WITH first AS (SELECT platform, min(week_start) AS week_start FROM warehouse.agg_weekly_trends WHERE platform = ANY ($1) GROUP BY platform),
        paired AS (
            SELECT w.week_start, w.platform, w.revenue, w.orders,
                   CASE WHEN w.week_start > first.week_start THEN coalesce(p.revenue, 0) END AS prev_revenue,
                   CASE WHEN w.week_start > first.week_start THEN coalesce(p.orders, 0) END AS prev_orders
            FROM first JOIN warehouse.agg_weekly_trends w USING (platform)
            LEFT JOIN warehouse.agg_weekly_trends p ON p.platform = w.platform AND p.week_start = w.week_start - 7),
        fresh AS (
            SELECT week_start, platform, prev_revenue, prev_orders,
                   round(100 * (revenue - prev_revenue) / nullif(prev_revenue, 0), 4) AS revenue_change_pct,
                   round(100 * (orders - prev_orders)::numeric / nullif(prev_orders, 0), 4) AS order_change_pct
            FROM paired)
        UPDATE warehouse.agg_weekly_trends w SET
            prev_revenue = fresh.prev_revenue, prev_orders = fresh.prev_orders,
            revenue_change_pct = fresh.revenue_change_pct, order_change_pct = fresh.order_change_pct, loaded_at = $2
        FROM fresh WHERE fresh.week_start = w.week_start AND fresh.platform = w.platform
            AND (w.prev_revenue, w.prev_orders, w.revenue_change_pct, w.order_change_pct)
                IS DISTINCT FROM (fresh.prev_revenue, fresh.prev_orders, fresh.revenue_change_pct, fresh.order_change_pct)
        """;
}
