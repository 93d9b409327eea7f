using Commerce.Inventory;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Tests.Domain;

public sealed class StockRulesTests
{
    [Fact]
    public void A_receipt_becomes_a_command_that_repeats_as_itself()
    {
        const string json = """{"type":"track","event":"Stock Received","messageId":"m1","timestamp":"2026-05-01T00:00:00Z","properties":{"sku":"S1","quantity":"12","reference":"PO-1"}}""";
        var command = Reading.Outcome(json).ShouldBeOfType<EventOutcome.Stock>().Command;
        (command.CommandId, command.Platform, command.Sku, command.Kind, command.Quantity, command.Reference)
            .ShouldBe(("web/m1", "shop", "S1", StockCommandKind.RECEIVE, 12, "PO-1"));
        command.OccurredAt.ShouldBe(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        command.ReceivedAt.ShouldBe(Reading.Now);
        Reading.Outcome(json).ShouldBeOfType<EventOutcome.Stock>().Command.ShouldBe(command);
    }

    [Fact]
    public void An_adjustment_goes_both_ways() =>
        Reading.Outcome("""{"type":"track","event":"Stock Adjusted","properties":{"product_id":"S1","quantity":-3}}""")
            .ShouldBeOfType<EventOutcome.Stock>().Command.Quantity.ShouldBe(-3);

    [Theory]
    [InlineData("Stock Received", """{"quantity":1}""", Reasons.MissingSku)]
    [InlineData("Stock Received", """{"sku":"s"}""", Reasons.InvalidQuantity)]
    [InlineData("Stock Received", """{"sku":"s","quantity":0}""", Reasons.InvalidQuantity)]
    [InlineData("Stock Received", """{"sku":"s","quantity":-1}""", Reasons.NegativeQuantity)]
    [InlineData("Stock Adjusted", """{"sku":"s","quantity":1.5}""", Reasons.InvalidQuantity)]
    public void Stock_that_cannot_be_is_refused(string name, string properties, string reason) =>
        Reading.Reason($$"""{"type":"track","event":"{{name}}","properties":{{properties}}}""").ShouldBe(reason);
}
