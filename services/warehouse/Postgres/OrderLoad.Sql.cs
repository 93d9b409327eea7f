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

    private const string Insert = """
        INSERT INTO warehouse.fact_orders (
            order_key, order_id, platform, date_key, customer_key, currency, revenue, tax, shipping, discount, item_count, line_count, coupon,
            source, message_id, ordered_at, received_at, loaded_at)
        SELECT *, $18 FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::numeric[], $8::numeric[], $9::numeric[], $10::numeric[],
            $11::bigint[], $12::int[], $13::text[], $14::text[], $15::text[], $16::timestamptz[], $17::timestamptz[])
        ON CONFLICT (order_key) DO NOTHING
        RETURNING order_key
        """;

    private const short CopyItemsColumns = 8;

    private const string CopyItems = """
        COPY warehouse.fact_order_items (order_key, product_key, quantity, price, discount, line, stocked, loaded_at) FROM STDIN (FORMAT binary)
        """;
}
