namespace Commerce.Streaming.Verification.Warehouse;

public sealed partial class WarehouseReader
{
    private const string OrdersSql = """
        SELECT (SELECT count(*) FROM fact_orders WHERE platform = @platform) AS Orders,
               (SELECT coalesce(sum(revenue), 0) FROM fact_orders WHERE platform = @platform) AS Revenue,
               count(*) AS Lines, coalesce(sum(i.quantity), 0)::bigint AS Units,
               coalesce(sum(i.quantity * i.price - i.discount), 0) AS LineRevenue
        FROM fact_order_items i JOIN fact_orders o USING (order_key)
        WHERE o.platform = @platform
        """;

    private const string RefundsSql = """
        SELECT count(DISTINCT refund_id) AS Refunds, coalesce(sum(amount), 0) AS Amount
        FROM fact_refunds WHERE platform = @platform
        """;

    private const string RevenueByDaySql = """
        SELECT date_key, sum(revenue) FROM fact_orders WHERE platform = @platform GROUP BY date_key
        """;

    private const string SpendByCustomerSql = """
        SELECT customer_id, sum(total_spent) FROM dim_customer
        WHERE platform = @platform AND customer_id IS NOT NULL GROUP BY customer_id
        """;

    private const string QuarantinedSql = "SELECT message_id, reason FROM quarantined_events WHERE platform = @platform";

    private const string MergedProfilesSql = "SELECT loser, resolved FROM profile_redirects";

    private const string CreditsSql = """
        SELECT o.order_id AS OrderId, a.touch AS Touch, a.channel AS Channel
        FROM fact_attribution a JOIN fact_orders o USING (order_key)
        WHERE o.platform = @platform AND a.model = @model
        ORDER BY o.order_id, a.touched_at, a.touch COLLATE "C"
        """;

    private const string StockSql = """
        WITH moved AS (
            SELECT sku, coalesce(sum(quantity) FILTER (WHERE kind = 'receipt'), 0)::bigint AS received
            FROM inventory_movements WHERE platform = @platform GROUP BY sku
        ), level AS (
            SELECT sku COLLATE "C" AS sku, on_hand, reserved, owed FROM inventory_levels WHERE platform = @platform
        )
        SELECT sku AS Sku, on_hand AS OnHand, reserved AS Reserved, owed AS Owed, coalesce(received, 0) AS Received
        FROM moved FULL JOIN level USING (sku) ORDER BY sku
        """;
}
