using System.Text.Json;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Tests.Domain;

/// <summary>Ids that senders are free to choose, and choose an address for.</summary>
public sealed class FreeIdentifierTests
{
    private const string Address = "Jane.Doe@example.org";
    private static readonly string Pseudonym = Reading.Pseudonymizer.Email(Address);

    [Theory]
    [InlineData("""{"type":"track","event":"A","userId":"JD","messageId":"JD"}""")]
    [InlineData("""{"type":"track","event":"A","anonymousId":"JD","messageId":"m-JD-1"}""")]
    [InlineData("""{"type":"track","event":"A","anonymousId":"guest JD (web)"}""")]
    [InlineData("""{"type":"group","userId":"u","groupId":"JD"}""")]
    [InlineData("""{"type":"alias","userId":"u","previousId":"x JD"}""")]
    [InlineData("""{"type":"page","userId":"u","name":"JD","context":{"page":{"url":"https://shop.example/?gclid=JD"}}}""")]
    [InlineData("""{"type":"track","event":"JD","userId":"u","properties":{"JD":true,"a":{"JD":1},"promo":"JD"}}""")]
    [InlineData("""{"type":"track","event":"Order Completed","userId":"u","properties":{"order_id":"JD","coupon":"JD","total":1,"products":[{"product_id":"JD","sku":"JD","name":"JD","category":"JD"}]}}""")]
    [InlineData("""{"type":"track","event":"Order Completed","properties":{"order_id":"web/JD/1","total":1}}""")]
    [InlineData("""{"type":"track","event":"Order Refunded","userId":"u","properties":{"order_id":"JD","refund_id":"JD","total":1}}""")]
    [InlineData("""{"type":"track","event":"Stock Received","messageId":"JD","properties":{"sku":"JD","reference":"JD","quantity":1}}""")]
    [InlineData("""{"type":"track","event":"Order Completed","userId":"u","messageId":"JD","properties":{"total":1}}""")]
    public void No_address_passes_in_the_clear_whatever_id_it_is_in(string json)
    {
        foreach (var address in (string[])[Address, Address.Replace("@", "%40", StringComparison.Ordinal)])
        {
            var outcome = Reading.Outcome(json.Replace("JD", address, StringComparison.Ordinal));
            var kept = JsonSerializer.Serialize<object>(outcome);
            kept.ShouldNotContain("jane", Case.Insensitive);
            kept.ShouldNotContain("example.org", Case.Insensitive);
        }
    }

    [Fact]
    public void What_had_one_id_still_has_one()
    {
        var order = Reading.Event($$"""{"type":"track","event":"Order Completed","userId":"u","properties":{"order_id":"{{Address}}","total":1} }""");
        var refund = Reading.Event($$"""{"type":"track","event":"Order Refunded","userId":"u","messageId":" {{Address.ToUpperInvariant()}} ","properties":{"order_id":"{{Address.ToLowerInvariant()}}","total":1} }""");
        order.Order!.OrderId.ShouldBe(Pseudonym);
        refund.Refund!.OrderId.ShouldBe(Pseudonym);
        (refund.MessageId, refund.Refund.RefundId).ShouldBe((Pseudonym, Pseudonym));
        Reading.Event($$"""{"type":"track","event":"A","userId":"u","messageId":"click {{Address}} 7"}""").MessageId.ShouldBe($"click {Pseudonym} 7");
    }

    [Theory]
    [InlineData("0012345678", "0012345678")]
    [InlineData("030 123456789", "030 123456789")]
    [InlineData("SO@42", "SO@42")]
    public void A_number_of_the_shops_own_stays(string orderId, string kept) =>
        Reading.Event($$"""{"type":"track","event":"Order Completed","userId":"u","properties":{"order_id":"{{orderId}}","total":1} }""").Order!.OrderId.ShouldBe(kept);

    [Fact]
    public void A_phone_number_with_a_country_code_does_not() =>
        Reading.Event("""{"type":"track","event":"Order Completed","userId":"u","properties":{"order_id":"tel:+49 30 1234567","total":1}}""")
            .Order!.OrderId.ShouldBe($"tel:{Reading.Pseudonymizer.Phone("+49 30 1234567")}");

    [Fact]
    public void An_id_that_grows_too_long_by_its_pseudonyms_is_refused() =>
        Reading.Reason($$"""{"type":"track","event":"Order Completed","userId":"u","properties":{"total":1,"order_id":"{{string.Join(' ', Enumerable.Repeat("a@b.org", 20))}}" } }""")
            .ShouldBe(Reasons.InvalidId);
}
