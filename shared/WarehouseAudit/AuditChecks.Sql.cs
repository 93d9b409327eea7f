namespace Commerce.Streaming.WarehouseAudit;

// Each query answers one row: cases looked at, how many are wrong, the first few in words.
internal static partial class AuditChecks
{
    // What cannot be told because something is not there is wrong as well.
    private const string Summary = """
        SELECT count(*), count(*) FILTER (WHERE wrong IS NOT FALSE), (array_agg(what ORDER BY what) FILTER (WHERE wrong IS NOT FALSE))[1:5] FROM cases
        """;

    /// <summary>What came later may still be completed by another topic; infinity when everything has arrived.</summary>
    private const string Settled = "coalesce(now() - @settle, timestamptz 'infinity')";

    private const string OfPlatform = "(@platform IS NULL OR platform = @platform)";

    /// <summary>Of tables that have no platform: keys begin with it.</summary>
    private const string KeyOfPlatform = "(@platform IS NULL OR starts_with(order_key, @platform || ':'))";

    private const string Credits = $"""
        WITH credited AS (
            SELECT order_key, model, sum(credit) AS credit, max(loaded_at) AS loaded_at
            FROM fact_attribution WHERE {KeyOfPlatform} GROUP BY order_key, model
        ), expected AS (
            SELECT o.order_key, m.model, o.net_revenue, greatest(o.loaded_at, r.loaded_at) AS loaded_at
            FROM fact_orders o CROSS JOIN (VALUES ('last_touch'), ('linear'), ('position_based'), ('time_decay')) AS m (model)
            LEFT JOIN (SELECT order_key, max(loaded_at) AS loaded_at FROM fact_refunds GROUP BY order_key) r USING (order_key)
            WHERE {OfPlatform}
        ), cases AS (
            SELECT credit IS DISTINCT FROM net_revenue AS wrong,
                   format('%s %s: net revenue %s, credits %s', order_key, model, net_revenue, credit) AS what
            FROM expected e FULL JOIN credited c USING (order_key, model) WHERE greatest(e.loaded_at, c.loaded_at) < {Settled}
        )
        {Summary}
        """;

    private const string Lines = $"""
        WITH lines AS (
            SELECT order_key, count(*) AS n, sum(quantity) AS items FROM fact_order_items WHERE {KeyOfPlatform} GROUP BY order_key
        ), orders AS (
            SELECT order_key, line_count, item_count FROM fact_orders WHERE {OfPlatform}
        ), cases AS (
            SELECT (line_count, item_count) IS DISTINCT FROM (coalesce(n, 0), coalesce(items, 0)) AS wrong,
                   format('%s: %s lines, %s items; counted %s, %s', order_key, line_count, item_count, n, items) AS what
            FROM orders FULL JOIN lines USING (order_key)
        )
        {Summary}
        """;

    // A refund in another currency than its order's counts for the customer, not against the order. A shop that goes on may refund orders
    // from before it was connected.
    private const string Refunds = $"""
        WITH linked AS (
            SELECT r.order_key, sum(r.amount) FILTER (WHERE o.order_key IS NULL OR r.currency = o.currency) AS amount
            FROM fact_refunds r LEFT JOIN fact_orders o USING (order_key)
            WHERE r.order_key IS NOT NULL AND (@platform IS NULL OR r.platform = @platform) GROUP BY r.order_key
        ), orders AS (
            SELECT order_key, refunded FROM fact_orders WHERE {OfPlatform}
        ), cases AS (
            SELECT refunded IS DISTINCT FROM coalesce(amount, 0) AS wrong,
                   format('%s: refunded %s, refunds %s', order_key, refunded, amount) AS what
            FROM orders FULL JOIN linked USING (order_key) WHERE refunded IS NOT NULL OR @settle IS NULL
        )
        {Summary}
        """;

    private const string Days = $"""
        WITH stated AS (
            SELECT * FROM agg_daily_summary WHERE {OfPlatform}
        ), counted AS (
            SELECT d.date, platform, count(*) AS n, sum(net_revenue) AS net, count(DISTINCT customer_key) AS people,
                   sum(item_count) AS items, sum(discount) AS discounts
            FROM fact_orders JOIN dim_date d USING (date_key) WHERE {OfPlatform} GROUP BY d.date, platform
        ), cases AS (
            SELECT (orders, revenue, unique_customers, items_sold, total_discounts) IS DISTINCT FROM (n, net, people, items, discounts)
                   OR abs(avg_order_value - net / n) > 0.0001 AS wrong,
                   format('%s %s: stated %s orders, %s; counted %s, %s', platform, date, orders, revenue, n, net) AS what
            FROM stated FULL JOIN counted USING (date, platform)
            WHERE @settle IS NULL OR (platform, to_char(date, 'YYYYMMDD')::int) NOT IN (SELECT platform, date_key FROM sink_stale_days)
        )
        {Summary}
        """;

    private const string Weeks = $"""
        WITH stated AS (
            SELECT * FROM agg_weekly_trends WHERE {OfPlatform}
        ), counted AS (
            SELECT date_trunc('week', d.date)::date AS week_start, platform, count(*) AS n, sum(net_revenue) AS net,
                   count(DISTINCT customer_key) AS people
            FROM fact_orders JOIN dim_date d USING (date_key) WHERE {OfPlatform} GROUP BY 1, platform
        ), cases AS (
            SELECT (orders, revenue, customers) IS DISTINCT FROM (n, net, people) OR abs(aov - net / n) > 0.0001 AS wrong,
                   format('%s week of %s: stated %s orders, %s; counted %s, %s', platform, week_start, orders, revenue, n, net) AS what
            FROM stated FULL JOIN counted USING (week_start, platform)
            WHERE @settle IS NULL OR (platform, week_start) NOT IN (
                SELECT s.platform, date_trunc('week', d.date)::date FROM sink_stale_days s JOIN dim_date d USING (date_key))
        )
        {Summary}
        """;

    // Everything that a customer of the platform did, elsewhere as well: that is what the customer's row sums up.
    private const string Customers = $"""
        WITH bought AS (
            SELECT customer_key, count(*) AS n, sum(revenue) AS spent, bool_or({OfPlatform}) AS here FROM fact_orders GROUP BY customer_key
        ), returned AS (
            SELECT customer_key, sum(amount) AS amount, bool_or({OfPlatform}) AS here FROM fact_refunds GROUP BY customer_key
        ), counted AS (
            SELECT customer_key, coalesce(n, 0) AS n, coalesce(spent, 0) - coalesce(amount, 0) AS net,
                   coalesce(b.here, false) OR coalesce(r.here, false) AS here
            FROM bought b FULL JOIN returned r USING (customer_key)
        ), joined AS (
            SELECT customer_key, c.order_count, c.total_spent, c.segment, coalesce(n, 0) AS n, coalesce(net, 0) AS net,
                   coalesce(here, false) OR {OfPlatform} AS here
            FROM counted FULL JOIN dim_customer c USING (customer_key)
        ), cases AS (
            SELECT (order_count, total_spent, segment) IS DISTINCT FROM (n, net, CASE
                       WHEN net <= 50 THEN 'low' WHEN net <= 200 THEN 'medium' WHEN net <= 1000 THEN 'high' ELSE 'vip' END) AS wrong,
                   format('%s: stated %s orders, %s, %s; counted %s, %s', customer_key, order_count, total_spent, segment, n, net) AS what
            FROM joined WHERE here
        )
        {Summary}
        """;

    // Levels and movements come by two topics. So a level may stand where the ledger stood until a movement that came lately, or be ahead of
    // the movements.
    private const string Stock = $"""
        WITH running AS (
            SELECT product_key, loaded_at, sum(quantity) OVER ledger AS on_hand, lead(loaded_at) OVER ledger AS until, version
            FROM inventory_movements WHERE {OfPlatform} WINDOW ledger AS (PARTITION BY product_key ORDER BY version)
        ), moved AS (
            SELECT product_key, (array_agg(on_hand ORDER BY version DESC))[1] AS on_hand, max(loaded_at) AS loaded_at, min(loaded_at) AS since,
                   array_agg(on_hand) FILTER (WHERE until IS NULL OR until >= {Settled}) AS lately
            FROM running GROUP BY product_key
        ), levels AS (
            SELECT product_key, on_hand, loaded_at FROM inventory_levels WHERE {OfPlatform}
        ), cases AS (
            SELECT NOT (
                       coalesce(l.on_hand, 0) = ANY (coalesce(m.lately, ARRAY[0]::bigint[]))
                       OR coalesce(l.loaded_at >= {Settled} AND l.loaded_at > coalesce(m.loaded_at, '-infinity'), false)
                       OR (l.product_key IS NULL AND m.since >= {Settled})
                   ) AS wrong,
                   format('%s: on hand %s; movements %s', product_key, l.on_hand, m.on_hand) AS what
            FROM moved m FULL JOIN levels l USING (product_key)
        )
        {Summary}
        """;

    private const string Movements = $"""
        WITH running AS (
            SELECT product_key, version, on_hand_after = sum(quantity) OVER (PARTITION BY product_key ORDER BY version) AS stated
            FROM inventory_movements WHERE {OfPlatform}
        ), cases AS (
            SELECT count(*) <> max(version) OR min(version) <> 1 OR NOT bool_and(stated) AS wrong,
                   format('%s: %s movements up to number %s', product_key, count(*), max(version)) AS what
            FROM running GROUP BY product_key
        )
        {Summary}
        """;

    private const string BelowZero = $"""
        WITH running AS (
            SELECT product_key, sum(quantity) OVER (PARTITION BY product_key ORDER BY version) AS on_hand
            FROM inventory_movements WHERE {OfPlatform}
        ), cases AS (
            SELECT min(on_hand) < 0 AS wrong, format('%s: reached %s', product_key, min(on_hand)) AS what FROM running GROUP BY product_key
        )
        {Summary}
        """;
}
