using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.SampleShop;

/// <summary>What the calls of a timeline do to stock.</summary>
internal static class StockMoves
{
    /// <summary>Signed units in event-time order, by SKU; each call once, however often it is sent.</summary>
    public static SortedDictionary<string, List<(DateTimeOffset Time, long Quantity)>> BySku(Timeline timeline)
    {
        var moves = timeline.Calls<ShopCall>().DistinctBy(call => call.MessageId).SelectMany(Of).OrderBy(move => move.Time);
        var bySku = new SortedDictionary<string, List<(DateTimeOffset, long)>>(StringComparer.Ordinal);
        foreach (var (sku, time, quantity) in moves)
        {
            if (!bySku.TryGetValue(sku, out var list))
                bySku.Add(sku, list = []);
            list.Add((time, quantity));
        }
        return bySku;
    }

    private static IEnumerable<(string Sku, DateTimeOffset Time, long Quantity)> Of(ShopCall call) => call switch
    {
        StockReceivedCall receipt => [(receipt.Sku, receipt.Timestamp, receipt.Quantity)],
        StockAdjustedCall adjustment => [(adjustment.Sku, adjustment.Timestamp, adjustment.Quantity)],
        OrderCompletedCall order => order.Lines.Where(line => line.Stocked).Select(line => (line.Sku, order.Timestamp, -(long)line.Quantity)),
        OrderRefundedCall refund => refund.Lines.Where(line => line.Stocked).Select(line => (line.Sku, refund.Timestamp, (long)line.Quantity)),
        _ => [],
    };
}
