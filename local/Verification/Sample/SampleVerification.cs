using Commerce.Streaming.SampleShop;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.Verification.Warehouse;
using Npgsql;

namespace Commerce.Streaming.Verification.Sample;

/// <summary>Compares the warehouse with the truth of the sample shop.</summary>
public static class SampleVerification
{
    public static async Task<SampleResult> RunAsync(
        NpgsqlDataSource database, SampleTruth truth, Pseudonymizer pseudonyms, CancellationToken cancellation)
    {
        var warehouse = new WarehouseReader(database);
        var platform = truth.Platform;
        var lookup = new ProfileLookup(await warehouse.MergedProfilesAsync(cancellation), pseudonyms);
        var stock = await warehouse.StockAsync(platform, cancellation);
        var checks = new List<Check>();
        checks.AddRange(Sales(
            truth.Totals, await warehouse.OrdersAsync(platform, cancellation), await warehouse.RefundsAsync(platform, cancellation)));
        checks.Add(Check.Same("revenue by day", truth.RevenueByDay, await warehouse.RevenueByDayAsync(platform, cancellation)));
        checks.Add(Check.Same("net spend by customer", truth.NetSpendByCustomer, await warehouse.SpendByCustomerAsync(platform, cancellation)));
        checks.AddRange(IdentityChecks.Run(truth, lookup));
        checks.AddRange(AttributionChecks.Run(
            truth,
            await warehouse.CreditsAsync(platform, "last_touch", cancellation),
            await warehouse.CreditsAsync(platform, "linear", cancellation)));
        checks.AddRange(StockChecks.OnHand(
            "on hand of every product", stock, truth.Stock.ToDictionary(sku => sku.Key, sku => (decimal)sku.Value, StringComparer.Ordinal)));
        checks.Add(Quarantine(truth, await warehouse.QuarantinedAsync(platform, cancellation)));
        checks.AddRange(await AgreementChecks.RunAsync(database, platform, cancellation));
        checks.Add(await PrivacyCheck.RunAsync(database, cancellation));
        return new SampleResult(checks, IdentityChecks.Score(truth, lookup));
    }

    private static IEnumerable<Check> Sales(SampleTotals truth, OrderTotals orders, RefundTotals refunds) =>
    [
        Check.Equal("orders", truth.Orders, orders.Orders),
        Check.Equal("order lines", truth.OrderLines, orders.Lines),
        Check.Equal("units", truth.Units, orders.Units),
        Check.Equal("revenue", truth.Revenue, orders.Revenue),
        Check.Equal("refunds", truth.Refunds, refunds.Amount),
        Check.Equal("refunds by number", truth.RefundIds, refunds.Refunds),
    ];

    private static Check Quarantine(SampleTruth truth, Dictionary<string, string> quarantined)
    {
        var wrong = truth.Quarantine.Where(refusal => quarantined.GetValueOrDefault(refusal.Key) != refusal.Value).ToList();
        return new Check(
            "mistakes in quarantine with their reason",
            Numbers.Text(truth.Quarantine.Count),
            Numbers.Text(truth.Quarantine.Count - wrong.Count),
            [.. wrong.Select(refusal => $"expected {refusal.Value}, found {quarantined.GetValueOrDefault(refusal.Key) ?? "nothing"}")],
            wrong.Count);
    }
}

/// <summary>How the platform did.</summary>
public sealed record SampleResult(IReadOnlyList<Check> Checks, IdentityScore Identity);
