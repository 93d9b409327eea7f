namespace Commerce.Streaming.Verification.Warehouse;

// Each query answers one row: cases looked at, violations, the first few violations in words.
public static partial class AgreementChecks
{
    private const string Summary = """
        SELECT count(*) AS Cases, count(*) FILTER (WHERE wrong) AS Count,
               (array_agg(what ORDER BY what) FILTER (WHERE wrong))[1:5] AS First
        FROM cases
        """;

    private const string CreditsSql = $"""
        WITH credited AS (
            SELECT a.order_key, a.model, sum(a.credit) AS credit
            FROM fact_attribution a WHERE a.order_key LIKE @platform || ':%' GROUP BY a.order_key, a.model
        ), expected AS (
            SELECT o.order_key, m.model, o.net_revenue
            FROM fact_orders o CROSS JOIN (VALUES ('last_touch'), ('linear'), ('position_based'), ('time_decay')) AS m (model)
            WHERE o.platform = @platform
        ), cases AS (
            SELECT credit IS DISTINCT FROM net_revenue AS wrong,
                   format('%s %s: net revenue %s, credits %s', order_key, model, net_revenue, credit) AS what
            FROM expected FULL JOIN credited USING (order_key, model)
        )
        {Summary}
        """;

    // A refund in another currency than its order's counts for the customer, not against the order.
    private const string RefundedSql = $"""
        WITH linked AS (
            SELECT r.order_key, sum(r.amount) FILTER (WHERE o.order_key IS NULL OR r.currency = o.currency) AS amount
            FROM fact_refunds r LEFT JOIN fact_orders o USING (order_key)
            WHERE r.platform = @platform AND r.order_key IS NOT NULL GROUP BY r.order_key
        ), orders AS (
            SELECT order_key, refunded FROM fact_orders WHERE platform = @platform
        ), cases AS (
            SELECT refunded IS DISTINCT FROM coalesce(amount, 0) AS wrong,
                   format('%s: refunded %s, refunds %s', order_key, refunded, amount) AS what
            FROM orders FULL JOIN linked USING (order_key)
        )
        {Summary}
        """;

    private const string DailySql = $"""
        WITH stated AS (
            SELECT * FROM agg_daily_summary WHERE platform = @platform
        ), counted AS (
            SELECT d.date, count(*) AS n, sum(net_revenue) AS net, count(DISTINCT customer_key) AS people,
                   sum(item_count) AS items, sum(discount) AS discounts
            FROM fact_orders JOIN dim_date d USING (date_key) WHERE platform = @platform GROUP BY d.date
        ), cases AS (
            SELECT (orders, revenue, unique_customers, items_sold, total_discounts)
                       IS DISTINCT FROM (n, net, people, items, discounts)
                   OR abs(avg_order_value - net / n) > 0.0001 AS wrong,
                   format('%s: stated %s orders, %s; counted %s, %s', date, orders, revenue, n, net) AS what
            FROM stated FULL JOIN counted USING (date)
        )
        {Summary}
        """;

    private const string WeeklySql = $"""
        WITH stated AS (
            SELECT * FROM agg_weekly_trends WHERE platform = @platform
        ), counted AS (
            SELECT date_trunc('week', d.date)::date AS week_start, count(*) AS n, sum(net_revenue) AS net,
                   count(DISTINCT customer_key) AS people
            FROM fact_orders JOIN dim_date d USING (date_key) WHERE platform = @platform GROUP BY 1
        ), cases AS (
            SELECT (orders, revenue, customers) IS DISTINCT FROM (n, net, people) AS wrong,
                   format('week of %s: stated %s orders, %s; counted %s, %s', week_start, orders, revenue, n, net) AS what
            FROM stated FULL JOIN counted USING (week_start)
        )
        {Summary}
        """;

    private const string CustomersSql = $"""
        WITH bought AS (
            SELECT customer_key, count(*) AS n, sum(revenue) AS spent FROM fact_orders WHERE platform = @platform GROUP BY customer_key
        ), returned AS (
            SELECT customer_key, sum(amount) AS amount FROM fact_refunds WHERE platform = @platform GROUP BY customer_key
        ), counted AS (
            SELECT customer_key, coalesce(n, 0) AS n, coalesce(spent, 0) - coalesce(amount, 0) AS net
            FROM bought FULL JOIN returned USING (customer_key)
        ), cases AS (
            SELECT c.customer_key IS NULL OR (c.order_count, c.total_spent) IS DISTINCT FROM (n, net)
                   OR c.segment <> CASE WHEN net <= 50 THEN 'low' WHEN net <= 200 THEN 'medium'
                                        WHEN net <= 1000 THEN 'high' ELSE 'vip' END AS wrong,
                   format('%s: stated %s orders, %s, %s; counted %s, %s',
                          counted.customer_key, c.order_count, c.total_spent, c.segment, n, net) AS what
            FROM counted LEFT JOIN dim_customer c USING (customer_key)
        )
        {Summary}
        """;
}
