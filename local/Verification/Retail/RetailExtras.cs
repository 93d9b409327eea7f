using Commerce.Streaming.OnlineRetail;
using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.Verification.Retail;

/// <summary>What the replay adds to the file, taken from its own plan: the file cannot say it.</summary>
/// <param name="Receipts">Units received by SKU.</param>
/// <param name="ExpectedRefusals">Message ids that must be in quarantine, with the invoice number of each.</param>
public sealed record RetailExtras(IReadOnlyDictionary<string, decimal> Receipts, IReadOnlyDictionary<string, string> ExpectedRefusals)
{
    public static RetailExtras Of(RetailPlan plan)
    {
        var receipts = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var refusals = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < plan.Count; i++)
        {
            switch (plan[i])
            {
                case StockReceivedCall receipt:
                    receipts[receipt.Sku] = receipts.GetValueOrDefault(receipt.Sku) + receipt.Quantity;
                    break;
                case TrackCall bookkeeping when plan.IsBookkeeping(i):
                    refusals.Add(bookkeeping.MessageId, (string)bookkeeping.Properties[0].Value!);
                    break;
            }
        }
        return new RetailExtras(receipts, refusals);
    }
}
