namespace Commerce.Streaming.Warehouse.Postgres;

internal static partial class OrderLoad
{
    private const string Stage = """
        INSERT INTO warehouse.staged_orders (
            order_key, order_id, platform, source, message_id, profile_id, user_id, currency, revenue, tax, shipping, discount, coupon,
            item_count, line_count, analytics, advertising, personalization, ordered_at, received_at, log_partition, log_offset, loaded_at)
        SELECT *, $23 FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::numeric[], $10::numeric[],
            $11::numeric[], $12::numeric[], $13::text[], $14::bigint[], $15::int[], $16::boolean[], $17::boolean[], $18::boolean[],
            $19::timestamptz[], $20::timestamptz[], $21::int[], $22::bigint[])
        ON CONFLICT (source, message_id) DO NOTHING
        """;

    private const string Existing = "SELECT order_key, platform, date_key, customer_key FROM warehouse.fact_orders WHERE order_key = ANY ($1)";

    private const string Upsert = """
        INSERT INTO warehouse.fact_orders AS known (
            order_key, order_id, platform, date_key, customer_key, currency, revenue, tax, shipping, discount, item_count, line_count, coupon,
            source, message_id, ordered_at, received_at, loaded_at)
        SELECT *, $18 FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::numeric[], $8::numeric[], $9::numeric[], $10::numeric[],
            $11::bigint[], $12::int[], $13::text[], $14::text[], $15::text[], $16::timestamptz[], $17::timestamptz[])
        ON CONFLICT (order_key) DO UPDATE SET
            date_key = excluded.date_key, customer_key = excluded.customer_key, currency = excluded.currency, revenue = excluded.revenue,
            tax = excluded.tax, shipping = excluded.shipping, discount = excluded.discount, item_count = excluded.item_count,
            line_count = excluded.line_count, coupon = excluded.coupon, source = excluded.source, message_id = excluded.message_id,
            ordered_at = excluded.ordered_at, received_at = excluded.received_at, loaded_at = excluded.loaded_at
        WHERE (excluded.ordered_at, excluded.received_at, excluded.message_id COLLATE "C")
            > (known.ordered_at, known.received_at, known.message_id COLLATE "C")
        RETURNING order_key
        """;

    private const string DeleteItems = "DELETE FROM warehouse.fact_order_items WHERE order_key = ANY ($1)";

    private const short CopyItemsColumns = 8;

    private const string CopyItems = """
        COPY warehouse.fact_order_items (order_key, product_key, quantity, price, discount, line, stocked, loaded_at) FROM STDIN (FORMAT binary)
        """;
}
