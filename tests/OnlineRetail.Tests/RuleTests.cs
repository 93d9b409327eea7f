using System.Text;
using Commerce.Streaming.ShopEvents;
using NodaTime;

namespace Commerce.Streaming.OnlineRetail.Tests;

public sealed class RuleTests
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    [Theory]
    [InlineData("85123A", true)]
    [InlineData("DCGSSBOY", true)]
    [InlineData("SP1002", true)]
    [InlineData("POST", false)]
    [InlineData("m", false)]
    [InlineData("C3", false)]
    [InlineData("BANK CHARGES", false)]
    [InlineData("gift_0001_80", false)]
    [InlineData("PADS", false)]
    [InlineData("ADJUST2", false)]
    public void Codes_of_charges_have_no_stock(string code, bool stocked) => Goods.IsStocked(code).ShouldBe(stocked);

    [Theory]
    [InlineData("1,10001,x,1,2010-01-01 10:00:00,1.5,,UK", InvoiceKind.Order)]
    [InlineData("1,10001,x,1,2010-01-01 10:00:00,0,17850,UK", InvoiceKind.Order)]
    [InlineData("1,10001,x,1,2010-01-01 10:00:00,0,,UK", InvoiceKind.StockAdjustment)]
    [InlineData("1,10001,x,-4,2010-01-01 10:00:00,1.5,17850,UK", InvoiceKind.StockAdjustment)]
    [InlineData("c1,10001,x,-4,2010-01-01 10:00:00,1.5,17850,UK", InvoiceKind.Refund)]
    [InlineData("A1,B,bad debt,1,2010-01-01 10:00:00,-5,,UK", InvoiceKind.Accounting)]
    [InlineData("Z9,10001,x,1,2010-01-01 10:00:00,5,17850,UK", InvoiceKind.Accounting)]
    [InlineData("1,10001,x,1,2010-01-01 10:00:00,-5,17850,UK", InvoiceKind.Accounting)]
    public void Invoice_means_what_letter_quantity_price_and_customer_say(string row, InvoiceKind kind) =>
        InvoiceRules.KindOf(Read(Header + row).Invoices.Single()).ShouldBe(kind);

    [Fact]
    public void Other_headers_and_spreadsheet_numbers_are_read_too()
    {
        var file = Read("Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
            + "489434,85048,\"15CM CHRISTMAS, GLASS\",12,2009-12-01 07:45:00,6.95,13085.0,United Kingdom\n");

        var invoice = file.Invoices.Single();
        invoice.CustomerId.ShouldBe("13085");
        invoice.Time.ShouldBe(new LocalDateTime(2009, 12, 1, 7, 45));
        invoice.Lines.Single().ShouldBe(new InvoiceLine("85048", "15CM CHRISTMAS, GLASS", 12, 6.95m));
    }

    [Fact]
    public void Unreadable_value_names_its_row() =>
        Should.Throw<InvalidDataException>(() => Read(Header + "1,10001,x,1,yesterday,1.5,,UK")).Message.ShouldContain("Row 1");

    [Fact]
    public void Missing_column_is_named() =>
        Should.Throw<InvalidDataException>(() => Read("InvoiceNo,Quantity\n1,2\n")).Message.ShouldContain("StockCode");

    [Fact]
    public void Latest_purchase_is_taken_back_first_and_a_line_may_span_orders()
    {
        var file = Read(Header
            + "1,10001,x,5,2010-01-01 10:00:00,2,7,UK\n"
            + "2,10001,x,3,2010-01-02 10:00:00,2,7,UK\n"
            + "C3,10001,x,-4,2010-01-03 10:00:00,2,7,UK\n"
            + "C4,10001,x,-9,2010-01-04 10:00:00,2,7,UK\n");
        var returns = new Returns();
        returns.Ordered(file.Invoices[0]);
        returns.Ordered(file.Invoices[1]);

        Parts(returns.Refunded(file.Invoices[2])).ShouldBe([("2", 3), ("1", 1)]);
        Parts(returns.Refunded(file.Invoices[3])).ShouldBe([("1", 4), (null, 5)]);
    }

    [Fact]
    public void Order_with_a_code_on_two_lines_is_taken_back_on_one()
    {
        var file = Read(Header
            + "1,10001,x,5,2010-01-01 10:00:00,2,7,UK\n"
            + "1,10001,x,5,2010-01-01 10:00:00,2,7,UK\n"
            + "C3,10001,x,-7,2010-01-03 10:00:00,2,7,UK\n");
        var returns = new Returns();
        returns.Ordered(file.Invoices[0]);

        var line = returns.Refunded(file.Invoices[1]).ShouldHaveSingleItem().Lines.ShouldHaveSingleItem();

        (line.Number, line.Quantity).ShouldBe((1, 7));
    }

    [Fact]
    public void Charge_on_a_credit_note_goes_to_bookkeeping_and_its_returns_stay_a_refund()
    {
        var file = Read(Header
            + "C1,M,Manual,1,2010-01-01 10:00:00,373.57,7,UK\n"
            + "C1,10001,x,-2,2010-01-01 10:00:00,3,7,UK\n");

        var replayed = Replayed.Of(RetailPlan.For(file, new RetailOptions()));

        replayed.Refunds.ShouldBe(6m);
        replayed.Refused.ShouldBe(["C1"]);
    }

    [Fact]
    public void Clock_follows_summer_time_and_survives_its_gap()
    {
        var clock = new ShopClock("Europe/London");

        clock.ToUtc(new LocalDateTime(2011, 1, 1, 12, 0)).ShouldBe(Instant.FromUtc(2011, 1, 1, 12, 0));
        clock.ToUtc(new LocalDateTime(2011, 7, 1, 12, 0)).ShouldBe(Instant.FromUtc(2011, 7, 1, 11, 0));
        clock.ToUtc(new LocalDateTime(2011, 3, 27, 1, 30)).ShouldBe(Instant.FromUtc(2011, 3, 27, 1, 30));
    }

    private static IEnumerable<(string?, int)> Parts(IEnumerable<Refund> refunds) =>
        refunds.Select(refund => (refund.OrderId, refund.Lines.Sum(line => line.Quantity)));

    private static RetailFile Read(string csv) => RetailFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)));
}
