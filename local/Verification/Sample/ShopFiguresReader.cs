using Dapper;
using Npgsql;

namespace Commerce.Streaming.Verification.Sample;

/// <summary>Reads a shop's figures with plain SQL, as any BI tool would.</summary>
public static class ShopFiguresReader
{
    private const int TopProducts = 5;

    private const string WeeksSql = """
        SELECT week_start AS WeekStart, orders AS Orders, revenue AS Revenue
        FROM agg_weekly_trends WHERE platform = @platform ORDER BY week_start
        """;

    private const string ProductsSql = """
        SELECT p.title AS Title, sum(i.quantity)::bigint AS Units, sum(i.quantity * i.price - i.discount) AS Revenue,
               coalesce(max(l.available), 0)::bigint AS Available
        FROM fact_order_items i JOIN dim_product p USING (product_key) LEFT JOIN inventory_levels l USING (product_key)
        WHERE p.platform = @platform GROUP BY p.product_key, p.title ORDER BY 3 DESC, 1 LIMIT @TopProducts
        """;

    private const string ChannelsSql = """
        SELECT a.channel AS Channel,
               coalesce(sum(a.credit) FILTER (WHERE a.model = 'last_touch'), 0) AS LastTouch,
               coalesce(sum(a.credit) FILTER (WHERE a.model = 'linear'), 0) AS Linear,
               coalesce(sum(a.credit) FILTER (WHERE a.model = 'position_based'), 0) AS PositionBased,
               coalesce(sum(a.credit) FILTER (WHERE a.model = 'time_decay'), 0) AS TimeDecay
        FROM fact_attribution a JOIN fact_orders o USING (order_key)
        WHERE o.platform = @platform GROUP BY a.channel ORDER BY 2 DESC, 1
        """;

    private const string SegmentsSql = """
        SELECT c.segment AS Segment, count(*) AS Customers, sum(c.total_spent) AS Spent
        FROM dim_customer c
        WHERE EXISTS (SELECT 1 FROM fact_orders o WHERE o.customer_key = c.customer_key AND o.platform = @platform)
        GROUP BY c.segment ORDER BY 3 DESC
        """;

    // The first row of each order: those of fact_orders are written again when a profile merges.
    private const string LatencySql = """
        SELECT coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms), 0) AS Median,
               coalesce(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms), 0) AS Worst1Percent
        FROM (SELECT (extract(epoch FROM min(loaded_at - received_at)) * 1000)::float8 AS ms
              FROM staged_orders WHERE platform = @platform GROUP BY order_key) AS orders
        """;

    public static async Task<ShopFigures> ReadAsync(NpgsqlDataSource database, string platform, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return new ShopFigures(
            [.. await ManyAsync<WeekFigure>(WeeksSql)],
            [.. await ManyAsync<ProductFigure>(ProductsSql)],
            [.. await ManyAsync<ChannelFigure>(ChannelsSql)],
            [.. await ManyAsync<SegmentFigure>(SegmentsSql)],
            (await ManyAsync<LatencyFigure>(LatencySql)).Single());

        Task<IEnumerable<T>> ManyAsync<T>(string sql) =>
            connection.QueryAsync<T>(new CommandDefinition(sql, new { platform, TopProducts }, cancellationToken: cancellation));
    }
}
