using Commerce.Streaming.OnlineRetail;
using Commerce.Streaming.ShopEvents;
using Dapper;
using Npgsql;

namespace Commerce.Streaming.Verification.Tests;

/// <summary>Tables as they are after a replay in which nothing went wrong, written straight from the calls.</summary>
internal sealed class PerfectWarehouse(NpgsqlConnection connection)
{
    private const string Platform = "online-retail";
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    private readonly Dictionary<string, (long OnHand, int Version)> _stock = [];

    public static async Task MigrateAsync(NpgsqlConnection connection)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "migrations")).Order(StringComparer.Ordinal))
            await connection.ExecuteAsync(await File.ReadAllTextAsync(file));
    }

    public async Task LoadAsync(RetailPlan plan)
    {
        for (var i = 0; i < plan.Count; i++)
            await TakeAsync(plan[i]);
        foreach (var (sku, (onHand, version)) in _stock)
        {
            await ExecuteAsync(
                "INSERT INTO inventory_levels VALUES (@key, @Platform, @sku, @onHand, 0, 0, @onHand, @version, now(), now())",
                new { key = $"{Platform}:{sku}", Platform, sku, onHand, version });
        }
        await ExecuteAsync(Derived, new { Platform });
    }

    private async Task TakeAsync(ShopCall call)
    {
        switch (call)
        {
            case OrderCompletedCall order: await TakeAsync(order); break;
            case OrderRefundedCall refund: await TakeAsync(refund); break;
            case StockReceivedCall receipt: await MoveAsync(receipt.Sku, "receipt", receipt.Quantity, receipt); break;
            case StockAdjustedCall adjustment: await MoveAsync(adjustment.Sku, "adjustment", adjustment.Quantity, adjustment); break;
            case TrackCall track:
                await ExecuteAsync(
                    "INSERT INTO quarantined_events VALUES (@Platform, @MessageId, @Event, 'not_in_tracking_plan', '', @Platform, now(), ''::bytea, now())",
                    new { Platform, track.MessageId, track.Event });
                break;
        }
    }

    private async Task TakeAsync(OrderCompletedCall order)
    {
        var key = $"{Platform}:{order.OrderId}";
        await ExecuteAsync(
            """
            INSERT INTO fact_orders (order_key, order_id, platform, date_key, customer_key, currency, revenue, tax, shipping, discount,
                                     item_count, line_count, source, message_id, ordered_at, received_at, loaded_at)
            VALUES (@key, @OrderId, @Platform, @day, @person, @Currency, @Total, 0, 0, 0, @units, @lines, @Platform, @MessageId, @Timestamp, now(), now())
            """,
            new
            {
                key, order.OrderId, Platform, day = DayOf(order), person = PersonOf(order), order.Currency, order.Total,
                units = order.Lines.Sum(line => line.Quantity), lines = order.Lines.Count, order.MessageId, order.Timestamp,
            });
        foreach (var line in order.Lines)
        {
            await ExecuteAsync(
                "INSERT INTO fact_order_items (order_key, product_key, quantity, price, discount, line, stocked, loaded_at) VALUES (@key, @product, @Quantity, @Price, 0, @Line, @Stocked, now())",
                new { key, product = $"{Platform}:{line.Sku}", line.Quantity, line.Price, line.Line, line.Stocked });
            if (line.Stocked)
                await MoveAsync(line.Sku, "sale", -line.Quantity, order);
        }
    }

    private async Task TakeAsync(OrderRefundedCall refund)
    {
        var order = refund.OrderId is null ? null : $"{Platform}:{refund.OrderId}";
        await ExecuteAsync(
            """
            INSERT INTO fact_refunds VALUES (@key, @RefundId, @order, @day, @person, @Total, @Platform, @Currency, @Platform, @MessageId, @Timestamp, now(), now());
            UPDATE fact_orders SET refunded = refunded + @Total WHERE order_key = @order;
            """,
            new
            {
                key = $"{Platform}:{refund.RefundId}:{refund.OrderId ?? "-"}", refund.RefundId, order, day = DayOf(refund), person = PersonOf(refund),
                refund.Total, Platform, refund.Currency, refund.MessageId, refund.Timestamp,
            });
        foreach (var line in refund.Lines.Where(line => line.Stocked))
            await MoveAsync(line.Sku, "return", line.Quantity, refund);
    }

    private async Task MoveAsync(string sku, string kind, int quantity, ShopCall call)
    {
        var (onHand, version) = _stock.GetValueOrDefault(sku);
        _stock[sku] = (onHand + quantity, version + 1);
        await ExecuteAsync(
            "INSERT INTO inventory_movements (product_key, platform, sku, version, kind, quantity, on_hand_after, reference, command_id, occurred_at, loaded_at) VALUES (@key, @Platform, @sku, @version, @kind, @quantity, @after, '', @MessageId, @Timestamp, now())",
            new { key = $"{Platform}:{sku}", Platform, sku, version = version + 1, kind, quantity, after = onHand + quantity, call.MessageId, call.Timestamp });
    }

    private static string PersonOf(ShopCall call) => call.UserId is { } user ? $"p_{user}" : $"p_{call.AnonymousId}";

    private static int DayOf(ShopCall call)
    {
        var local = TimeZoneInfo.ConvertTime(call.Timestamp, London);
        return (local.Year * 10_000) + (local.Month * 100) + local.Day;
    }

    private Task ExecuteAsync(string sql, object parameters) => connection.ExecuteAsync(sql, parameters);

    private const string Derived = """
        INSERT INTO dim_customer
        SELECT person, CASE WHEN person ~ '^p_[0-9]+$' THEN substr(person, 3) END, person, NULL, NULL, n, net, NULL,
               CASE WHEN net <= 50 THEN 'low' WHEN net <= 200 THEN 'medium' WHEN net <= 1000 THEN 'high' ELSE 'vip' END, 'GBP', @Platform, now()
        FROM (SELECT person, count(*) FILTER (WHERE sold) AS n, sum(amount) AS net
              FROM (SELECT customer_key AS person, revenue AS amount, true AS sold FROM fact_orders
                    UNION ALL SELECT customer_key, -amount, false FROM fact_refunds) AS every GROUP BY person) AS people;
        INSERT INTO fact_attribution
        SELECT order_key, model, '(none)', 'direct', net_revenue, NULL, NULL, currency, 1, now()
        FROM fact_orders CROSS JOIN (VALUES ('last_touch'), ('linear'), ('position_based'), ('time_decay')) AS m (model);
        INSERT INTO agg_daily_summary
        SELECT d.date, platform, count(*), sum(net_revenue), round(sum(net_revenue) / count(*), 4), count(DISTINCT customer_key), sum(item_count), sum(discount), 'GBP', now()
        FROM fact_orders JOIN dim_date d USING (date_key) GROUP BY d.date, platform;
        INSERT INTO agg_weekly_trends
        SELECT date_trunc('week', d.date)::date, platform, sum(net_revenue), count(*), round(sum(net_revenue) / count(*), 4), count(DISTINCT customer_key), NULL, NULL, NULL, NULL, 'GBP', now()
        FROM fact_orders JOIN dim_date d USING (date_key) GROUP BY 1, platform;
        """;
}
