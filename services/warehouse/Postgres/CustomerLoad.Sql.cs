namespace Commerce.Streaming.Warehouse.Postgres;

internal static partial class CustomerLoad
{
    private const string Identify = """
        INSERT INTO warehouse.customer_identities AS known (customer_key, platform, user_id, first_seen, loaded_at)
        SELECT *, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
        ON CONFLICT (customer_key, platform, user_id) DO UPDATE SET first_seen = excluded.first_seen
        WHERE excluded.first_seen < known.first_seen
        """;

    private const string Recompute = """
        WITH keys AS (SELECT customer_key COLLATE "C" AS customer_key FROM unnest($1::text[]) AS affected(customer_key)),
        o AS (
            SELECT f.customer_key, count(*) AS orders, sum(f.revenue) AS revenue, min(f.date_key) AS first_day, max(f.date_key) AS last_day,
                   min(f.currency) AS low_currency, max(f.currency) AS high_currency, min(f.platform) AS platform
            FROM warehouse.fact_orders f WHERE f.customer_key = ANY ($1) GROUP BY f.customer_key),
        r AS (
            SELECT f.customer_key, sum(f.amount) AS amount, min(f.currency) AS low_currency, max(f.currency) AS high_currency,
                   min(f.platform) AS platform
            FROM warehouse.fact_refunds f WHERE f.customer_key = ANY ($1) GROUP BY f.customer_key),
        i AS (
            SELECT DISTINCT ON (c.customer_key) c.customer_key, nullif(c.user_id, '') AS user_id, c.platform
            FROM warehouse.customer_identities c WHERE c.customer_key = ANY ($1)
            ORDER BY c.customer_key, c.user_id = '', c.first_seen, c.platform, c.user_id),
        fresh AS (
            SELECT customer_key, i.user_id, make_date(o.first_day / 10000, o.first_day / 100 % 100, o.first_day % 100) AS first_order,
                   make_date(o.last_day / 10000, o.last_day / 100 % 100, o.last_day % 100) AS last_order, coalesce(o.orders, 0) AS orders,
                   coalesce(o.revenue, 0) - coalesce(r.amount, 0) AS spent,
                   least(o.low_currency, r.low_currency) AS low_currency, greatest(o.high_currency, r.high_currency) AS high_currency,
                   coalesce(i.platform, o.platform, r.platform) AS platform
            FROM keys LEFT JOIN o USING (customer_key) LEFT JOIN r USING (customer_key) LEFT JOIN i USING (customer_key)
            WHERE o.customer_key IS NOT NULL OR r.customer_key IS NOT NULL OR i.customer_key IS NOT NULL)
        INSERT INTO warehouse.dim_customer AS known (
            customer_key, customer_id, profile_id, first_order, last_order, order_count, total_spent, avg_order_value, segment, currency, platform, loaded_at)
        SELECT customer_key, user_id, customer_key, first_order, last_order, orders, spent, round(spent / nullif(orders, 0), 4),
               CASE WHEN spent <= 50 THEN 'low' WHEN spent <= 200 THEN 'medium' WHEN spent <= 1000 THEN 'high' ELSE 'vip' END,
               CASE WHEN low_currency = high_currency THEN low_currency END, platform, $2
        FROM fresh
        ON CONFLICT (customer_key) DO UPDATE SET
            customer_id = excluded.customer_id, first_order = excluded.first_order, last_order = excluded.last_order,
            order_count = excluded.order_count, total_spent = excluded.total_spent, avg_order_value = excluded.avg_order_value,
            segment = excluded.segment, currency = excluded.currency, platform = excluded.platform, loaded_at = excluded.loaded_at
        WHERE (known.customer_id, known.first_order, known.last_order, known.order_count, known.total_spent, known.currency, known.platform)
            IS DISTINCT FROM (excluded.customer_id, excluded.first_order, excluded.last_order, excluded.order_count, excluded.total_spent,
                              excluded.currency, excluded.platform)
        """;
}
