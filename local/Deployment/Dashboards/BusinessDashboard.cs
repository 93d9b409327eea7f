using static Commerce.Streaming.Deployment.Dashboards.Queries;

namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>What the shop sees: from the star schema where it must agree to the cent, from metrics where it must be live.</summary>
internal static class BusinessDashboard
{
    public static readonly Dashboard Dashboard = new(
        "business", "Commerce: business", "Orders, revenue, stock-outs, consent.",
        new Row("Live",
            new Panel("Orders", "cps", "Orders per second, as inventory takes them.", Rate("messaging.client.consumed.messages", where: "messaging_destination_name=\"commerce.orders.completed.v1\",messaging_consumer_group_name=\"commerce.inventory-sync.claims\"")),
            new Panel("Reservations refused", "cps", "Buyers who found no stock.", Rate("commerce.inventory.reservations.decided", where: "outcome=\"rejected\"")),
            new Panel("Consent decisions", "cps", "By outcome.", Rate("commerce.consent.decisions", "outcome"))),
        new Row("Warehouse",
            Table("Revenue by day", "The last 30 days with orders.",
                "SELECT date, platform, currency, orders, revenue, unique_customers FROM warehouse.agg_daily_summary ORDER BY date DESC, platform LIMIT 30"),
            Table("Sold out", "Products with nothing on hand.",
                "SELECT platform, sku, on_hand, reserved, owed FROM warehouse.inventory_levels WHERE on_hand <= 0 ORDER BY owed DESC LIMIT 50"),
            Table("Net revenue by channel, last touch", "What each channel earned.",
                "SELECT channel, currency, round(sum(credit), 2) AS net_revenue FROM warehouse.fact_attribution WHERE model = 'last_touch' GROUP BY channel, currency ORDER BY 3 DESC LIMIT 20")));

    private static Panel Table(string title, string description, string sql) => new(title, "short", description, new Query(sql)) { IsSql = true };
}
