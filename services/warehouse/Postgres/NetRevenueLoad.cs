namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>fact_orders.refunded, and with it net_revenue, for orders and refunds that have come in either order.</summary>
internal static class NetRevenueLoad
{
    private const string Sum = """
        UPDATE warehouse.fact_orders f SET refunded = sums.amount, loaded_at = $2
        FROM (SELECT r.order_key, r.currency, sum(r.amount) AS amount
              FROM warehouse.fact_refunds r WHERE r.order_key = ANY ($1) GROUP BY r.order_key, r.currency) AS sums
        WHERE f.order_key = sums.order_key AND f.currency = sums.currency AND f.refunded <> sums.amount
        RETURNING f.platform, f.date_key
        """;

    public static async Task LoadAsync(LoadTransaction load, CancellationToken cancellationToken)
    {
        if (load.Orders.Count == 0)
            return;
        var days = await load.QueryAsync(
            Sum, reader => (reader.GetString(0), reader.GetInt32(1)), cancellationToken, Parameter.Of(load.Orders.ToArray()), load.Now);
        load.Days.UnionWith(days);
    }
}
