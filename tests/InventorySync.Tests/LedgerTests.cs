using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Domain;

namespace Commerce.Streaming.InventorySync.Tests;

public sealed class LedgerTests
{
    private readonly Shelf _shelf = new();

    [Fact]
    public void Sale_beyond_stock_takes_what_there_is_and_owes_the_rest()
    {
        _shelf.Receive(3);
        _shelf.Sell(5);
        (_shelf.OnHand, _shelf.Position.Owed, _shelf.Available).ShouldBe((0, 2, 0));
        var movements = _shelf.Receive(10).Movements;
        movements.Select(movement => (movement.Kind, movement.Quantity)).ShouldBe([(MovementKind.RECEIPT, 10), (MovementKind.SALE, -2)]);
        (_shelf.OnHand, _shelf.Position.Owed, _shelf.Available).ShouldBe((8, 0, 8));
    }

    [Fact]
    public void What_is_owed_is_fulfilled_oldest_first()
    {
        _shelf.Sell(2, id: "first");
        _shelf.Sell(2, id: "second");
        _shelf.Receive(3).Movements.Skip(1).Select(movement => (movement.CommandId, movement.Quantity)).ShouldBe([("first", -2), ("second", -1)]);
        _shelf.Return(1).Movements.Skip(1).Select(movement => (movement.CommandId, movement.Quantity)).ShouldBe([("second", -1)]);
    }

    [Fact]
    public void Write_off_beyond_stock_is_owed_like_a_sale()
    {
        _shelf.Receive(1);
        _shelf.Adjust(-4);
        (_shelf.OnHand, _shelf.Position.Owed).ShouldBe((0, 3));
        _shelf.Adjust(5);
        (_shelf.OnHand, _shelf.Position.Owed).ShouldBe((2, 0));
    }

    [Fact]
    public void Receipt_sent_again_does_nothing()
    {
        _shelf.Receive(5, "r1");
        _shelf.Receive(5, "r1").ShouldBe(Outcome.Nothing with { Movements = [] }, Same);
        _shelf.OnHand.ShouldBe(5);
    }

    [Fact]
    public void Sale_or_return_read_again_does_nothing()
    {
        _shelf.Receive(9);
        _shelf.Sell(2, id: "s1");
        _shelf.Apply(StockCommandKind.RETURN, 1, "r1");
        _shelf.Sell(2, id: "s1").ShouldBe(Outcome.Nothing with { Movements = [] }, Same);
        _shelf.Apply(StockCommandKind.RETURN, 1, "r1").ShouldBe(Outcome.Nothing with { Movements = [] }, Same);
        _shelf.OnHand.ShouldBe(8);
    }

    [Fact]
    public void Sale_that_is_owed_is_owed_once()
    {
        _shelf.Sell(2, id: "s1");
        _shelf.Sell(2, id: "s1");
        _shelf.Position.Owed.ShouldBe(2);
    }

    [Fact]
    public void Only_the_latest_sales_are_remembered()
    {
        for (var sale = 0; sale <= RecentCommands.Max; sale++)
            _shelf.Sell(1, id: $"s{sale}");
        _shelf.Position.RecentCommands.Length.ShouldBe(RecentCommands.Max * RecentCommands.Size);
        _shelf.Sell(1, id: "s1");
        _shelf.Position.Owed.ShouldBe(RecentCommands.Max + 1);
        _shelf.Sell(1, id: "s0");
        _shelf.Position.Owed.ShouldBe(RecentCommands.Max + 2);
    }

    [Fact]
    public void Reservation_holds_until_it_lapses()
    {
        _shelf.Receive(5);
        _shelf.Reserve("r", 4, seconds: 60).ShouldBe(ReservationOutcome.RESERVED);
        _shelf.Available.ShouldBe(1);
        _shelf.Pass(TimeSpan.FromSeconds(59));
        _shelf.Available.ShouldBe(1);
        _shelf.Pass(TimeSpan.FromSeconds(1));
        _shelf.Available.ShouldBe(5);
        _shelf.OnHand.ShouldBe(5);
    }

    [Fact]
    public void Units_that_a_reservation_frees_go_to_those_who_wait()
    {
        _shelf.Receive(5);
        _shelf.Reserve("r", 5);
        _shelf.Sell(3);
        (_shelf.OnHand, _shelf.Position.Owed).ShouldBe((5, 3));
        _shelf.Release("r").ShouldBe(ReservationOutcome.RELEASED);
        (_shelf.OnHand, _shelf.Position.Owed, _shelf.Available).ShouldBe((2, 0, 2));
    }

    [Fact]
    public void Sale_uses_its_reservation_even_while_others_wait()
    {
        _shelf.Receive(5);
        _shelf.Reserve("r", 5);
        _shelf.Adjust(-2);
        _shelf.Sell(5, "r").Decision!.Outcome.ShouldBe(ReservationOutcome.CLAIMED);
        (_shelf.OnHand, _shelf.Position.Reserved, _shelf.Position.Owed).ShouldBe((0, 0, 2));
    }

    [Fact]
    public void Sale_larger_than_its_reservation_takes_the_rest_from_what_is_free()
    {
        _shelf.Receive(5);
        _shelf.Reserve("r", 2);
        _shelf.Sell(4, "r").Movements.Single().Quantity.ShouldBe(-4);
        (_shelf.OnHand, _shelf.Position.Reserved).ShouldBe((1, 0));
    }

    [Fact]
    public void Two_lines_of_one_order_share_its_reservation()
    {
        _shelf.Receive(5);
        _shelf.Reserve("r", 5);
        _shelf.Sell(2, "r").Decision.ShouldBeNull();
        _shelf.Sell(3, "r").Decision!.Outcome.ShouldBe(ReservationOutcome.CLAIMED);
        (_shelf.OnHand, _shelf.Position.Reserved, _shelf.Position.Owed).ShouldBe((0, 0, 0));
    }

    [Fact]
    public void Claim_by_a_sale_is_final()
    {
        _shelf.Receive(10);
        _shelf.Reserve("r", 5);
        _shelf.Sell(5, "r");
        _shelf.Reserve("r", 5).ShouldBe(ReservationOutcome.CLAIMED);
        _shelf.Release("r").ShouldBe(ReservationOutcome.CLAIMED);
        _shelf.Available.ShouldBe(5);
    }

    [Fact]
    public void Ended_reservation_that_is_remembered_is_forgotten_in_the_end()
    {
        _shelf.Receive(1);
        _shelf.Reserve("released", 1);
        _shelf.Release("released");
        _shelf.Reserve("rejected", 2);
        _shelf.Pass(ReservationRules.Default.RejectedRemembered);
        _shelf.FindReservation("rejected").ShouldBeNull();
        _shelf.FindReservation("released").ShouldNotBeNull();
        _shelf.Pass(ReservationRules.Default.EndedRemembered);
        _shelf.FindReservation("released").ShouldBeNull();
    }

    [Theory]
    [InlineData(StockCommandKind.UNKNOWN, 1, null, null, "unknown_kind")]
    [InlineData(StockCommandKind.RECEIVE, 0, null, null, "quantity_not_positive")]
    [InlineData(StockCommandKind.SELL, -1, null, null, "quantity_not_positive")]
    [InlineData(StockCommandKind.ADJUST, 0, null, null, "zero_quantity")]
    [InlineData(StockCommandKind.ADJUST, int.MinValue, null, null, "quantity_out_of_range")]
    [InlineData(StockCommandKind.RESERVE, 1, null, 1000L, "missing_reservation_id")]
    [InlineData(StockCommandKind.RESERVE, 1, "r", null, "lifetime_out_of_range")]
    [InlineData(StockCommandKind.RESERVE, 1, "r", 86_400_001L, "lifetime_out_of_range")]
    [InlineData(StockCommandKind.RELEASE, 1, null, null, "missing_reservation_id")]
    [InlineData(StockCommandKind.ADJUST, -3, null, null, null)]
    [InlineData(StockCommandKind.RELEASE, 0, "r", null, null)]
    public void Impossible_command_has_a_reason(StockCommandKind kind, int quantity, string? reservation, long? lifetime, string? fault) =>
        CommandRules.FaultOf(new StockCommand
        {
            CommandId = "c", Platform = "shop", Sku = "A", Kind = kind, Quantity = quantity, Reference = "", ReservationId = reservation, TtlMs = lifetime,
            OccurredAt = Shelf.Noon, ReceivedAt = Shelf.Noon,
        }).ShouldBe(fault);

    private static readonly IEqualityComparer<Outcome> Same = EqualityComparer<Outcome>.Create((one, other) =>
        one!.Movements.Count == other!.Movements.Count && one.Decision == other.Decision && one.Availability == other.Availability);
}
