using Commerce.Streaming.OnlineRetail.Truth;

namespace Commerce.Streaming.OnlineRetail.Tests;

public sealed class TruthTests
{
    [Fact]
    public void Excerpt_has_the_numbers_counted_by_hand()
    {
        var truth = TruthReader.Read(Excerpt.Path);

        truth.Rows.ShouldBe(176);
        (truth.Orders, truth.OrderLines, truth.Units).ShouldBe((15, 135, 1325));
        truth.Revenue.ShouldBe(2777.601m);
        (truth.RefundInvoices, truth.Refunds).ShouldBe((6, 385.57m));
        truth.Quarantined.ShouldBe(["A563185", "A563186", "A563187"]);
        truth.RevenueByDay.Count.ShouldBe(13);
        truth.NetSpendByCustomer.Count.ShouldBe(13);
    }

    [Fact]
    public void Calls_of_the_excerpt_add_up_to_the_truth() => Check(Excerpt.Path);

    [Fact]
    public void Calls_of_the_whole_data_set_add_up_to_the_truth()
    {
        var truth = Check(FullData.PathOrSkip());

        truth.Rows.ShouldBe(541_909);
        (truth.Orders, truth.OrderLines, truth.Units, truth.Revenue).ShouldBe((19_963, 530_510, 5_603_531, 10_655_622.484m));
        (truth.RefundInvoices, truth.Refunds).ShouldBe((3_836, 896_812.49m));
        (truth.RevenueByDay.Count, truth.NetSpendByCustomer.Count, truth.Quarantined.Count).ShouldBe((305, 4_372, 3));
    }

    private static RetailTruth Check(string path)
    {
        var truth = TruthReader.Read(path);
        var replayed = Replayed.Of(RetailPlan.For(RetailFile.Read(path), new RetailOptions()));

        replayed.Orders.ShouldBe(truth.Orders);
        replayed.Lines.ShouldBe(truth.OrderLines);
        replayed.Units.ShouldBe(truth.Units);
        replayed.Revenue.ShouldBe(truth.Revenue);
        replayed.Refunds.ShouldBe(truth.Refunds);
        replayed.RefundIds.Count.ShouldBe(truth.RefundInvoices);
        replayed.Refused.Order(StringComparer.Ordinal).ShouldBe(truth.Quarantined);
        replayed.ByDay.OrderBy(day => day.Key).ShouldBe(truth.RevenueByDay);
        replayed.Spend.OrderBy(customer => customer.Key, StringComparer.Ordinal).ShouldBe(truth.NetSpendByCustomer);
        foreach (var (sku, change) in truth.StockChange)
            replayed.OnHand[sku].ShouldBe(change + replayed.Received.GetValueOrDefault(sku), sku);
        replayed.OnHand.Keys.ShouldBe(truth.StockChange.Keys, ignoreOrder: true);
        return truth;
    }
}
