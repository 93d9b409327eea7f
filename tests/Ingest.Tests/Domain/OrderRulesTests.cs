using Commerce.Orders;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Tests.Domain;

public sealed class OrderRulesTests
{
    [Fact]
    public void An_order_is_read_line_by_line()
    {
        var order = Order("""
            {"order_id":1001,"currency":"gbp","total":"61.40","tax":9.8,"shipping":4,"discount":2.5,"coupon":"SPRING","products":[
              {"product_id":"P1","sku":"S1","name":"Mug","category":"Home","price":19.95,"quantity":2,"discount":2.5},
              {"id":"P2","price":"20.5"},
              {"sku":"POST","price":0,"quantity":"1","stocked":false,"line":7}]}
            """);
        (order.OrderId, order.Currency, order.Revenue, order.Tax, order.Shipping, order.Discount, order.Coupon)
            .ShouldBe(("1001", "GBP", 61.40m, 9.8m, 4m, 2.5m, "SPRING"));
        order.Lines.Select(line => (line.Line, line.ProductId, line.Sku, line.Quantity, line.Price, line.Discount, line.Stocked)).ShouldBe(
        [
            (1, "P1", "S1", 2, 19.95m, 2.5m, true),
            (2, "P2", "P2", 1, 20.5m, 0m, true),
            (7, "POST", "POST", 1, 0m, 0m, false),
        ]);
        (order.Lines[0].Title, order.Lines[0].Category).ShouldBe(("Mug", "Home"));
    }

    [Theory]
    [InlineData("""{"order_id":"1","total":10,"revenue":7,"tax":2,"shipping":1}""", "10")]
    [InlineData("""{"order_id":"1","revenue":7,"tax":2,"shipping":1}""", "10")]
    [InlineData("""{"order_id":"1","products":[{"sku":"a","price":3.335,"quantity":3}],"discount":1,"tax":2,"shipping":0.5}""", "11.505")]
    [InlineData("""{"order_id":"1","products":[{"sku":"a","price":3,"quantity":3,"discount":0.5},{"sku":"b","price":1}]}""", "9.5")]
    [InlineData("""{"order_id":"1","total":59.900000000000006}""", "59.9")]
    [InlineData("""{"order_id":"1","total":1e3}""", "1000")]
    [InlineData("""{"order_id":"1","total":0}""", "0")]
    public void Revenue_is_what_the_customer_owes(string properties, string expected) =>
        Order(properties).Revenue.ShouldBe(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("""{"order_id":"1"}""", Reasons.MissingTotal)]
    [InlineData("""{"order_id":"1","products":[{"sku":"a"}]}""", Reasons.MissingPrice)]
    [InlineData("""{"order_id":"1","products":[{"sku":"a","price":1}],"discount":2}""", Reasons.NegativeTotal)]
    [InlineData("""{"order_id":"1","total":-1}""", Reasons.NegativeTotal)]
    [InlineData("""{"order_id":"1","total":"ten"}""", Reasons.InvalidAmount)]
    [InlineData("""{"order_id":"1","total":1e300}""", Reasons.InvalidAmount)]
    [InlineData("""{"order_id":"1","total":1000000000000000}""", Reasons.InvalidAmount)]
    [InlineData("""{"order_id":"1","total":1,"tax":-1}""", Reasons.InvalidAmount)]
    [InlineData("""{"order_id":"1","total":1,"discount":-1}""", Reasons.NegativeDiscount)]
    [InlineData("""{"order_id":"1","total":1,"products":[{"sku":"a","discount":999999999999999},{"sku":"b","discount":1}]}""", Reasons.InvalidAmount)]
    [InlineData("""{"order_id":"1","total":1,"currency":"XXX"}""", Reasons.InvalidCurrency)]
    [InlineData("""{"order_id":"","total":1}""", Reasons.MissingOrderId)]
    [InlineData("""{"order_id":"1","total":1,"products":{}}""", Reasons.InvalidProducts)]
    [InlineData("""{"order_id":"1","total":1,"products":[1]}""", Reasons.InvalidProducts)]
    [InlineData("""{"order_id":"1","total":1,"products":[{"name":"x"}]}""", Reasons.MissingProductId)]
    [InlineData("""{"order_id":"1","total":1,"products":[{"sku":"a","quantity":1.5}]}""", Reasons.InvalidQuantity)]
    [InlineData("""{"order_id":"1","total":1,"products":[{"sku":"a","quantity":0}]}""", Reasons.InvalidQuantity)]
    [InlineData("""{"order_id":"1","total":1,"products":[{"sku":"a","quantity":99999999999}]}""", Reasons.InvalidQuantity)]
    [InlineData("""{"order_id":"1","total":1,"products":[{"sku":"a","discount":-1}]}""", Reasons.NegativeDiscount)]
    [InlineData("""{"order_id":"1","total":1,"products":[{"sku":"a","line":2},{"sku":"b"}]}""", Reasons.DuplicateLine)]
    public void An_order_that_cannot_be_is_refused(string properties, string reason) =>
        Reading.Reason($$"""{"type":"track","event":"Order Completed","userId":"u","properties":{{properties}}}""").ShouldBe(reason);

    [Fact]
    public void An_order_has_at_most_ten_thousand_lines()
    {
        var lines = string.Join(',', Enumerable.Repeat("""{"sku":"a"}""", 10_001));
        Reading.Reason("""{"type":"track","event":"Order Completed","userId":"u","properties":{"order_id":"1","total":1,"products":[""" + lines + "]}}")
            .ShouldBe(Reasons.TooManyProducts);
    }

    [Theory]
    [InlineData("""{"order_id":"1","total":10}""", "1", "m1", "10")]
    [InlineData("""{"refund_id":"R1","order_id":"1","total":10}""", "1", "R1", "10")]
    [InlineData("""{"refund_id":"R1","products":[{"sku":"a","price":2.5,"quantity":2}]}""", null, "R1", "5")]
    public void A_refund_is_read(string properties, string? orderId, string refundId, string amount)
    {
        var refund = Reading.Event($$"""{"type":"track","event":"Order Refunded","userId":"u","messageId":"m1","properties":{{properties}}}""").Refund!;
        (refund.OrderId, refund.RefundId, refund.Amount).ShouldBe((orderId, refundId, decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("""{"total":1}""", Reasons.MissingOrderId)]
    [InlineData("""{"order_id":"1"}""", Reasons.MissingTotal)]
    [InlineData("""{"order_id":"1","products":[{"sku":"a"}]}""", Reasons.MissingTotal)]
    public void A_refund_that_cannot_be_is_refused(string properties, string reason) =>
        Reading.Reason($$"""{"type":"track","event":"Order Refunded","userId":"u","properties":{{properties}}}""").ShouldBe(reason);

    [Fact]
    public void The_order_of_an_unknown_buyer_and_its_refund_meet_under_one_key()
    {
        var order = Reading.Outcome("""{"type":"track","event":"Order Completed","properties":{"order_id":"1","total":1}}""");
        var refund = Reading.Outcome("""{"type":"track","event":"Order Refunded","properties":{"order_id":"1","refund_id":"R","total":1}}""");
        order.ShouldBeOfType<EventOutcome.Collected>().Key.ShouldBe("default/o:shop/1");
        refund.ShouldBeOfType<EventOutcome.Collected>().Key.ShouldBe("default/o:shop/1");
    }

    private static Order Order(string properties) =>
        Reading.Event($$"""{"type":"track","event":"Order Completed","userId":"u","properties":{{properties}}}""").Order.ShouldNotBeNull();
}
