namespace Commerce.Streaming.Warehouse.Audit;

/// <summary>
/// What must agree in the tables whatever was sent. Each query answers one row: cases looked at, how many are wrong, the first few in
/// words. All of them see one snapshot. What comes by another topic may be on its way: it counts when it is older than @settled.
/// </summary>
internal static class AuditChecks
{
    private const string Summary = """
        SELECT count(*), count(*) FILTER (WHERE wrong), (array_agg(what ORDER BY what) FILTER (WHERE wrong))[1:5] FROM cases
        """;

    /// <summary>Name of each check, as the metric has it, what it says, and its query.</summary>
    public static IReadOnlyList<(string Name, string Says, string Sql)> All { get; } =
    [
        ("credits", "credits of every order and model = its net revenue", $"""
            WITH credited AS (SELECT order_key, model, sum(credit) AS credit, max(loaded_at) AS loaded_at FROM fact_attribution GROUP BY order_key, model),
            expected AS (
                SELECT o.order_key, m.model, o.net_revenue, greatest(o.loaded_at, r.loaded_at) AS loaded_at
                FROM fact_orders o CROSS JOIN (VALUES ('last_touch'), ('linear'), ('position_based'), ('time_decay')) AS m (model)
                LEFT JOIN (SELECT order_key, max(loaded_at) AS loaded_at FROM fact_refunds GROUP BY order_key) r USING (order_key)
            ), cases AS (
                SELECT credit IS DISTINCT FROM net_revenue AS wrong, format('%s %s: net revenue %s, credits %s', order_key, model, net_revenue, credit) AS what
                FROM expected e FULL JOIN credited c USING (order_key, model) WHERE greatest(e.loaded_at, c.loaded_at) < @settled
            )
            {Summary}
            """),
        ("lines", "lines of every order = what the order says of them", $"""
            WITH lines AS (SELECT order_key, count(*) AS n, sum(quantity) AS items FROM fact_order_items GROUP BY order_key),
            cases AS (
                SELECT (o.line_count, o.item_count) IS DISTINCT FROM (coalesce(n, 0), coalesce(items, 0)) AS wrong,
                       format('%s: %s lines, %s items; counted %s, %s', order_key, line_count, item_count, n, items) AS what
                FROM fact_orders o FULL JOIN lines USING (order_key)
            )
            {Summary}
            """),
        // A refund in another currency than its order's counts for the customer, not against the order.
        ("refunds", "refunded in orders = linked refunds", $"""
            WITH linked AS (
                SELECT o.order_key, sum(r.amount) AS amount FROM fact_refunds r JOIN fact_orders o USING (order_key) WHERE r.currency = o.currency GROUP BY o.order_key
            ), cases AS (
                SELECT refunded IS DISTINCT FROM coalesce(amount, 0) AS wrong, format('%s: refunded %s, refunds %s', order_key, refunded, amount) AS what
                FROM fact_orders LEFT JOIN linked USING (order_key)
            )
            {Summary}
            """),
        ("days", "daily summary = its orders", $"""
            WITH counted AS (
                SELECT d.date, o.platform, count(*) AS n, sum(net_revenue) AS net, count(DISTINCT customer_key) AS people, sum(item_count) AS items
                FROM fact_orders o JOIN dim_date d USING (date_key) GROUP BY d.date, o.platform
            ), cases AS (
                SELECT (orders, revenue, unique_customers, items_sold) IS DISTINCT FROM (n, net, people, items) AS wrong,
                       format('%s %s: stated %s orders, %s; counted %s, %s', platform, date, orders, revenue, n, net) AS what
                FROM agg_daily_summary FULL JOIN counted USING (date, platform)
                WHERE (platform, to_char(date, 'YYYYMMDD')::int) NOT IN (SELECT platform, date_key FROM sink_stale_days)
            )
            {Summary}
            """),
        ("weeks", "weekly trends = their orders", $"""
            WITH counted AS (
                SELECT date_trunc('week', d.date)::date AS week_start, o.platform, count(*) AS n, sum(net_revenue) AS net
                FROM fact_orders o JOIN dim_date d USING (date_key) GROUP BY 1, o.platform
            ), cases AS (
                SELECT (orders, revenue) IS DISTINCT FROM (n, net) AS wrong,
                       format('%s week of %s: stated %s orders, %s; counted %s, %s', platform, week_start, orders, revenue, n, net) AS what
                FROM agg_weekly_trends FULL JOIN counted USING (week_start, platform)
                WHERE (platform, week_start) NOT IN (SELECT s.platform, date_trunc('week', d.date)::date FROM sink_stale_days s JOIN dim_date d USING (date_key))
            )
            {Summary}
            """),
        ("customers", "customers = their orders and refunds", $"""
            WITH bought AS (SELECT customer_key, count(*) AS n, sum(revenue) AS spent FROM fact_orders GROUP BY customer_key),
            returned AS (SELECT customer_key, sum(amount) AS amount FROM fact_refunds GROUP BY customer_key),
            counted AS (
                SELECT customer_key, coalesce(n, 0) AS n, coalesce(spent, 0) - coalesce(amount, 0) AS net FROM bought FULL JOIN returned USING (customer_key)
            ), cases AS (
                SELECT (c.order_count, c.total_spent) IS DISTINCT FROM (n, net) AS wrong,
                       format('%s: stated %s orders, %s; counted %s, %s', counted.customer_key, c.order_count, c.total_spent, n, net) AS what
                FROM counted LEFT JOIN dim_customer c USING (customer_key)
            )
            {Summary}
            """),
        ("stock", "on hand = sum of movements, numbered without gaps", $"""
            WITH moved AS (
                SELECT product_key, sum(quantity) AS quantity, count(*) AS n, max(version) AS last, bool_and(chained) AS chained
                FROM (SELECT *, on_hand_after = sum(quantity) OVER (PARTITION BY product_key ORDER BY version) AS chained FROM inventory_movements) each
                GROUP BY product_key
            ), cases AS (
                SELECT (l.on_hand, l.version) IS DISTINCT FROM (m.quantity, m.last) OR m.n <> m.last OR NOT m.chained AS wrong,
                       format('%s: on hand %s; %s movements up to number %s sum to %s', product_key, on_hand, n, last, quantity) AS what
                FROM moved m LEFT JOIN inventory_levels l USING (product_key)
            )
            {Summary}
            """),
    ];
}
