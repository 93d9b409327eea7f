using Commerce.Streaming.OnlineRetail.Truth;
using Commerce.Streaming.Verification.Warehouse;
using Npgsql;

namespace Commerce.Streaming.Verification.Retail;

/// <summary>Compares the warehouse with the truth of an Online Retail file.</summary>
public static class RetailVerification
{
    /// <param name="sent">What the replay sends beyond the file, and where it expects a refusal.</param>
    public static async Task<IReadOnlyList<Check>> RunAsync(
        NpgsqlDataSource database, string platform, RetailTruth truth, RetailExtras sent, CancellationToken cancellation)
    {
        var warehouse = new WarehouseReader(database);
        var checks = new List<Check>();
        checks.AddRange(Sales(
            truth, await warehouse.OrdersAsync(platform, cancellation), await warehouse.RefundsAsync(platform, cancellation)));
        checks.Add(Check.Same(
            "revenue by day", truth.RevenueByDay, await warehouse.RevenueByDayAsync(platform, cancellation)));
        checks.Add(Check.Same(
            "net spend by customer", truth.NetSpendByCustomer, await warehouse.SpendByCustomerAsync(platform, cancellation)));
        checks.Add(Quarantine(truth, sent, await warehouse.QuarantinedAsync(platform, cancellation)));
        checks.AddRange(Stock(truth, sent, await warehouse.StockAsync(platform, cancellation)));
        checks.AddRange(await AgreementChecks.RunAsync(database, platform, cancellation));
        checks.Add(await PrivacyCheck.RunAsync(database, cancellation));
        return checks;
    }

    private static IEnumerable<Check> Sales(RetailTruth truth, OrderTotals orders, RefundTotals refunds) =>
    [
        Check.Equal("orders", truth.Orders, orders.Orders),
        Check.Equal("order lines", truth.OrderLines, orders.Lines),
        Check.Equal("units", truth.Units, orders.Units),
        Check.Equal("revenue of orders", truth.Revenue, orders.Revenue),
        Check.Equal("revenue of order lines", truth.Revenue, orders.LineRevenue),
        Check.Equal("refunds", truth.Refunds, refunds.Amount),
        Check.Equal("refund invoices", truth.RefundInvoices, refunds.Refunds),
    ];

    private static Check Quarantine(RetailTruth truth, RetailExtras sent, Dictionary<string, string> quarantined)
    {
        var missing = sent.ExpectedRefusals.Where(refusal => !quarantined.ContainsKey(refusal.Key)).Select(refusal => refusal.Value).ToList();
        return new Check(
            "invoices in quarantine",
            Numbers.Text(truth.Quarantined.Count),
            Numbers.Text(sent.ExpectedRefusals.Count - missing.Count),
            [.. missing.Take(Check.DifferencesMax).Select(invoice => $"{invoice} is not in quarantine")],
            missing.Count + Math.Abs(truth.Quarantined.Count - sent.ExpectedRefusals.Count));
    }

    private static IEnumerable<Check> Stock(RetailTruth truth, RetailExtras sent, IReadOnlyList<StockRow> stock)
    {
        var received = stock.ToDictionary(row => row.Sku, row => row.Received, StringComparer.Ordinal);
        var expected = truth.StockChange.ToDictionary(
            change => change.Key, change => (decimal)(change.Value + received.GetValueOrDefault(change.Key)), StringComparer.Ordinal);
        return
        [
            Check.Same(
                "receipts by product",
                sent.Receipts,
                received.Where(sku => sku.Value != 0).ToDictionary(sku => sku.Key, sku => (decimal)sku.Value, StringComparer.Ordinal)),
            .. StockChecks.OnHand("on hand = receipts and the file's movements", stock, expected),
        ];
    }
}
