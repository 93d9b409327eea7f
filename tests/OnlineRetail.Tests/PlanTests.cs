using System.Buffers;
using System.Text;
using System.Text.Json;
using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.OnlineRetail.Tests;

public sealed class PlanTests
{
    private static readonly RetailOptions Options = new();

    [Fact]
    public void Plan_made_twice_is_the_same_to_the_byte() => Json(Plan(Options)).ShouldBe(Json(Plan(Options)));

    [Fact]
    public void Another_seed_changes_visits_and_devices_but_no_message_of_the_file()
    {
        var one = Calls(Plan(Options)).Where(call => call is not PageCall).Select(call => call.MessageId);
        var other = Calls(Plan(Options with { Seed = 7 })).Where(call => call is not PageCall).Select(call => call.MessageId);

        other.ShouldBe(one);
        Json(Plan(Options with { Seed = 7 })).ShouldNotBe(Json(Plan(Options)));
    }

    [Fact]
    public void Customer_is_introduced_before_anything_else_with_the_user_id()
    {
        var seen = new HashSet<string>();
        foreach (var call in Calls(Plan(Options)).Where(call => call.UserId is not null))
        {
            if (call is IdentifyCall identify)
            {
                seen.Add(identify.UserId!).ShouldBeTrue();
                identify.Email.ShouldBe($"customer-{identify.UserId}@example.org");
            }
            seen.ShouldContain(call.UserId!);
        }
        seen.Count.ShouldBe(13);
    }

    [Fact]
    public void Visits_lie_within_thirty_days_before_their_order_on_its_device()
    {
        var calls = Calls(Plan(Options)).ToList();
        var visits = calls.OfType<PageCall>().ToList();

        visits.ShouldNotBeEmpty();
        foreach (var visit in visits)
        {
            calls.OfType<OrderCompletedCall>().ShouldContain(order =>
                order.AnonymousId == visit.AnonymousId
                && order.Timestamp > visit.Timestamp
                && order.Timestamp - visit.Timestamp < TimeSpan.FromDays(Touches.WindowDays));
        }
    }

    [Fact]
    public void Without_touches_nothing_is_visited_and_the_rest_stays() =>
        Calls(Plan(Options with { WithTouches = false })).Select(call => call.MessageId)
            .ShouldBe(Calls(Plan(Options)).Where(call => call is not PageCall).Select(call => call.MessageId));

    [Fact]
    public void Credit_note_over_two_orders_becomes_two_refunds_of_one_id()
    {
        var parts = Calls(Plan(Options)).OfType<OrderRefundedCall>().Where(refund => refund.RefundId == "C539575").ToList();

        parts.Select(part => part.OrderId).ShouldBe(["539096", "539077"], ignoreOrder: true);
        parts.Sum(part => part.Total).ShouldBe(Excerpt.File.Invoices.Single(i => i.Number == "C539575").Lines.Sum(l => -l.Amount));
    }

    [Fact]
    public void Guest_refund_has_no_order_and_no_user()
    {
        var refund = Calls(Plan(Options)).OfType<OrderRefundedCall>().Single(refund => refund.RefundId == "C537251");

        refund.OrderId.ShouldBeNull();
        refund.UserId.ShouldBeNull();
    }

    [Fact]
    public void Order_is_written_as_segment_spells_it()
    {
        var order = Calls(Plan(Options)).OfType<OrderCompletedCall>().First(order => order.OrderId == "561226");
        var root = JsonDocument.Parse(Write(order)).RootElement;

        root.GetProperty("type").GetString().ShouldBe("track");
        root.GetProperty("event").GetString().ShouldBe("Order Completed");
        root.GetProperty("timestamp").GetString().ShouldBe("2011-07-26T09:13:00.000Z", "British summer time is one hour ahead");
        var properties = root.GetProperty("properties");
        properties.GetProperty("currency").GetString().ShouldBe("GBP");
        properties.GetProperty("products").EnumerateArray()
            .Any(line => line.GetProperty("price").GetDecimal() is var price && price != Math.Round(price, 2)).ShouldBeTrue();
    }

    private static RetailPlan Plan(RetailOptions options) => RetailPlan.For(Excerpt.File, options);

    private static IEnumerable<ShopCall> Calls(RetailPlan plan) => Enumerable.Range(0, plan.Count).Select(i => plan[i]);

    private static string Json(RetailPlan plan) => string.Join('\n', Calls(plan).Select(Write));

    private static string Write(ShopCall call)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            ShopCallWriter.Write(json, call);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
