namespace Commerce.Streaming.Warehouse.Postgres;

internal static partial class OrderLoad
{
    private const string StagedColumns = """
        order_key, order_id, platform, source, message_id, profile_id, user_id, currency, revenue, tax, shipping, discount, coupon,
        item_count, line_count, analytics, advertising, personalization, ordered_at, received_at, log_partition, log_offset, loaded_at
        """;

    private const string Known = "SELECT order_key FROM warehouse.fact_orders WHERE order_key = ANY ($1)";

    private const string Restage = $"""
        INSERT INTO warehouse.staged_orders ({StagedColumns})
        SELECT *, $23 FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::numeric[], $10::numeric[],
            $11::numeric[], $12::numeric[], $13::text[], $14::bigint[], $15::int[], $16::boolean[], $17::boolean[], $18::boolean[],
            $19::timestamptz[], $20::timestamptz[], $21::int[], $22::bigint[])
        ON CONFLICT (order_key, source, message_id) DO NOTHING
        """;

    private const short CopyStagedColumns = 23;

    private const string CopyStaged = $"COPY warehouse.staged_orders ({StagedColumns}) FROM STDIN (FORMAT binary)";

    private const short CopyOrdersColumns = 18;

    private const string CopyOrders = """
        COPY warehouse.fact_orders (
            order_key, order_id, platform, date_key, customer_key, currency, revenue, tax, shipping, discount, item_count, line_count, coupon,
            source, message_id, ordered_at, received_at, loaded_at) FROM STDIN (FORMAT binary)
        """;

    private const short CopyItemsColumns = 8;

    private const string CopyItems = """
        COPY warehouse.fact_order_items (order_key, product_key, quantity, price, discount, line, stocked, loaded_at) FROM STDIN (FORMAT binary)
        """;
}
