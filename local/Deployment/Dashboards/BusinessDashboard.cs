using static Commerce.Streaming.Deployment.Dashboards.Queries;

namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>What the shop sees: from the star schema where it must agree to the cent, from metrics where it must be live.</summary>
internal static class BusinessDashboard
{
    private const string Claims = "messaging_destination_name=\"commerce.orders.completed.v1\",messaging_consumer_group_name=\"commerce.inventory-sync.claims\"";

    public static readonly Dashboard Dashboard = new(
        "business", "Commerce: business", "Orders, revenue, stock-outs, consent.",
        new Row("Live",
            new Panel("Orders, hour", "short", "Within the last hour, as inventory takes them.", Hour("messaging.client.consumed.messages", where: Claims) with { Legend = "orders" }),
            Table("Orders and revenue, last 24 hours", "By order time, up to the newest order; net of refunds.",
                "SELECT platform, currency, count(*) AS orders, round(sum(net_revenue), 2) AS revenue FROM warehouse.fact_orders WHERE ordered_at > (SELECT max(ordered_at) FROM warehouse.fact_orders) - interval '24 hours' GROUP BY platform, currency ORDER BY revenue DESC"),
            new Panel("Credits stated", "cps", "Orders whose marketing credits were stated or stated anew, by cause.", Rate("commerce.attribution.credits.stated", "commerce_cause"))),
        new Row("Stock-outs",
            new Panel("Reservations, by outcome", "cps", "rejected: a buyer found no stock.", Rate("commerce.inventory.reservations.decided", "outcome")),
            new Panel("Share of reservations refused", "percentunit", "Of those asked for, within the last hour.", new Query(
                "(sum(increase(@commerce.inventory.reservations.decided{outcome=\"rejected\"}[1h])) or vector(0)) / sum(increase(@commerce.inventory.reservations.decided{outcome=~\"reserved|rejected\"}[1h]))", "refused")),
            new Panel("Units sold that were not there", "short", "Within the last hour: owed to buyers until something comes in.", Hour("commerce.inventory.units.owed") with { Legend = "units" })),
        new Row("Consent",
            new Panel("Decisions, by outcome", "cps", "superseded: a later one holds.", Rate("commerce.consent.decisions", "outcome")),
            new Panel("Allowed, by purpose", "percentunit", "Share of yes among the decisions of the last hour.", new Query(
                "sum by (purpose) (increase(@commerce.consent.choices{allowed=\"yes\"}[1h])) / sum by (purpose) (increase(@commerce.consent.choices[1h]))", "{{purpose}}")),
            new Panel("Requests refused", "cps", "By reason.", Rate("commerce.consent.requests.refused", "reason"))),
        new Row("Warehouse",
            Table("Revenue by day", "The last 30 days with orders.",
                "SELECT date, platform, currency, orders, revenue, avg_order_value, unique_customers FROM warehouse.agg_daily_summary ORDER BY date DESC, platform LIMIT 30"),
            Table("Sold out", "Products with nothing on hand.",
                "SELECT platform, sku, on_hand, reserved, owed FROM warehouse.inventory_levels WHERE on_hand <= 0 ORDER BY owed DESC LIMIT 50"),
            Table("Net revenue by channel, last touch", "What each channel earned.",
                "SELECT channel, currency, round(sum(credit), 2) AS net_revenue FROM warehouse.fact_attribution WHERE model = 'last_touch' GROUP BY channel, currency ORDER BY 3 DESC LIMIT 20")));

    private static Panel Table(string title, string description, string sql) => new(title, "short", description, new Query(sql)) { IsSql = true };
}
