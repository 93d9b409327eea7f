using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.OnlineRetail.Tests;

/// <summary>What a perfect platform would hold after the calls of a plan; counted from the calls, not from the file.</summary>
internal sealed class Replayed
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    public int Orders { get; private set; }
    public int Lines { get; private set; }
    public long Units { get; private set; }
    public decimal Revenue { get; private set; }
    public decimal Refunds { get; private set; }
    public HashSet<string> RefundIds { get; } = [];
    public List<string> Refused { get; } = [];
    public Dictionary<DateOnly, decimal> ByDay { get; } = [];
    public Dictionary<string, decimal> Spend { get; } = [];
    public Dictionary<string, long> OnHand { get; } = [];
    public Dictionary<string, long> Received { get; } = [];
    public HashSet<string> Ids { get; } = [];

    public static Replayed Of(RetailPlan plan)
    {
        var replayed = new Replayed();
        var last = DateTimeOffset.MinValue;
        for (var i = 0; i < plan.Count; i++)
        {
            var call = plan[i];
            call.Timestamp.ShouldBeGreaterThanOrEqualTo(last);
            last = call.Timestamp;
            replayed.Ids.Add(call.MessageId).ShouldBeTrue("message ids are unique");
            replayed.Take(call);
        }
        return replayed;
    }

    private void Take(ShopCall call)
    {
        switch (call)
        {
            case OrderCompletedCall order: Take(order); break;
            case OrderRefundedCall refund: Take(refund); break;
            case StockReceivedCall receipt:
                Received[receipt.Sku] = Received.GetValueOrDefault(receipt.Sku) + receipt.Quantity;
                Move(receipt.Sku, receipt.Quantity);
                break;
            case StockAdjustedCall adjustment: Move(adjustment.Sku, adjustment.Quantity); break;
            case TrackCall track: Refused.Add((string)track.Properties[0].Value!); break;
            case IdentifyCall identify: Spend.Add(identify.UserId!, 0m); break;
        }
    }

    private void Take(OrderCompletedCall order)
    {
        Orders++;
        Lines += order.Lines.Count;
        Units += order.Lines.Sum(line => (long)line.Quantity);
        Revenue += order.Total;
        order.Total.ShouldBe(order.Lines.Sum(line => line.Quantity * line.Price));
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(order.Timestamp, London).Date);
        ByDay[day] = ByDay.GetValueOrDefault(day) + order.Total;
        if (order.UserId is { } user)
            Spend[user] += order.Total;
        foreach (var line in order.Lines.Where(line => line.Stocked))
            Move(line.Sku, -line.Quantity);
    }

    private void Take(OrderRefundedCall refund)
    {
        refund.Lines.Select(line => line.Line).ShouldBeUnique();
        Refunds += refund.Total;
        RefundIds.Add(refund.RefundId);
        if (refund.UserId is { } user)
            Spend[user] -= refund.Total;
        foreach (var line in refund.Lines.Where(line => line.Stocked))
            Move(line.Sku, line.Quantity);
    }

    private void Move(string sku, long quantity)
    {
        var onHand = OnHand.GetValueOrDefault(sku) + quantity;
        onHand.ShouldBeGreaterThanOrEqualTo(0, sku);
        OnHand[sku] = onHand;
    }
}
