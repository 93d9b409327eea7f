using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.InventorySync.Tests;

public sealed class PipelineTests
{
    private readonly TopologyTestDriver _claims = new(InventoryTopologies.BuildClaims(new ClaimHandlers(TimeSpan.FromDays(90))));
    private readonly TopologyTestDriver _ledger = new(InventoryTopologies.BuildLedger(new LedgerHandlers(TimeSpan.FromDays(30), ReservationRules.Default)));
    private readonly TopologyTestDriver _reservations = new(InventoryTopologies.BuildReservations(new StatusHandlers(ReservationRules.Default)));

    [Fact]
    public void Order_claims_each_line_that_has_stock_once()
    {
        var order = Said.Order("1", Said.Line(1, "A", 2), Said.Line(2, "POST", 1, stocked: false), Said.Line(3, "A", 1));
        _claims.PipeIn(Topics.OrdersCompleted, "shop/1", order);
        _claims.PipeIn(Topics.OrdersCompleted, "shop/1", order with { MessageId = "again" });
        _claims.Restart();
        _claims.PipeIn(Topics.OrdersCompleted, "shop/1", order);
        _claims.All(Topics.InventoryStockCommands).Select(sent => (sent.Key, sent.Value!.CommandId, sent.Value.Kind, sent.Value.Quantity))
            .ShouldBe([("shop/A", "order/shop/1/1", StockCommandKind.SELL, 2), ("shop/A", "order/shop/1/3", StockCommandKind.SELL, 1)]);
    }

    [Fact]
    public void Refund_returns_its_lines_once_for_each_order()
    {
        _claims.PipeIn(Topics.OrdersRefunded, "shop/1", Said.Refund("r", "1", Said.Line(1, "A", 2)));
        _claims.PipeIn(Topics.OrdersRefunded, "shop/2", Said.Refund("r", "2", Said.Line(1, "A", 1)));
        _claims.PipeIn(Topics.OrdersRefunded, "shop/r", Said.Refund("r", null, Said.Line(1, "B", 1)));
        _claims.PipeIn(Topics.OrdersRefunded, "shop/1", Said.Refund("r", "1", Said.Line(1, "A", 2)));
        _claims.All(Topics.InventoryStockCommands).Select(sent => sent.Value!.CommandId)
            .ShouldBe(["refund/shop/r/1/1", "refund/shop/r/2/1", "refund/shop/r/-/1"], ignoreOrder: true);
    }

    [Fact]
    public void Claim_is_forgotten_after_its_time()
    {
        _claims.PipeIn(Topics.OrdersCompleted, "shop/1", Said.Order("1", Said.Line(1, "A", 2)));
        _claims.AdvanceTime(TimeSpan.FromDays(90));
        _claims.State(Stores.Claims).ShouldBeEmpty();
    }

    [Fact]
    public void Command_moves_stock_states_it_and_commits_last()
    {
        _ledger.PipeIn(Topics.InventoryStockCommands, "shop/A", Said.Command(StockCommandKind.RECEIVE, "A", 5, "c1"));
        _ledger.Effects.ShouldBe(
        [
            new Effect.Sent(Topics.InventoryStockMovements.Name, "shop/A"),
            new Effect.Sent(Topics.InventoryStockAvailability.Name, "shop/A"),
            new Effect.StateWritten("positions", "shop/A", Deleted: false),
            new Effect.StateWritten("applied", SkuKeys.Part("shop/A", "c1"), Deleted: false),
            _ledger.Effects.OfType<Effect.StateWritten>().Last(),
            _ledger.Effects.OfType<Effect.OffsetCommitted>().Single(),
        ]);
        _ledger.View(AvailabilityView.View)["commerce:inventory:availability:shop/A"].Take(8).ShouldBe(["on_hand", "5", "reserved", "0", "owed", "0", "available", "5"]);
    }

    [Fact]
    public void State_survives_a_restart()
    {
        Send(StockCommandKind.RECEIVE, 5, "c1");
        Send(StockCommandKind.RESERVE, 3, "c2", "r");
        _ledger.Restart();
        Send(StockCommandKind.RECEIVE, 5, "c1");
        Send(StockCommandKind.SELL, 3, "c3", "r");
        var position = _ledger.State(Stores.Positions)["shop/A"];
        (position.OnHand, position.Reserved, position.Version).ShouldBe((2, 0, 2));
    }

    [Fact]
    public void Reservation_lapses_by_the_wall_clock_and_says_so()
    {
        Send(StockCommandKind.RECEIVE, 5, "c1");
        Send(StockCommandKind.RESERVE, 3, "c2", "r");
        _ledger.Restart();
        _ledger.AdvanceTime(TimeSpan.FromSeconds(59));
        _ledger.State(Stores.Positions)["shop/A"].Reserved.ShouldBe(3);
        _ledger.AdvanceTime(TimeSpan.FromSeconds(1));
        _ledger.State(Stores.Positions)["shop/A"].Reserved.ShouldBe(0);
        _ledger.All(Topics.InventoryReservationResults).Select(sent => (sent.Key, sent.Value!.Outcome))
            .ShouldBe([("r", ReservationOutcome.RESERVED), ("r", ReservationOutcome.EXPIRED)]);
        _ledger.AdvanceTime(ReservationRules.Default.EndedRemembered);
        _ledger.State(Stores.Reservations).ShouldBeEmpty();
    }

    [Fact]
    public void Command_under_another_key_would_have_a_second_writer_and_is_refused()
    {
        _ledger.PipeIn(Topics.InventoryStockCommands, "shop/B", Said.Command(StockCommandKind.RECEIVE, "A", 5, "c1"));
        _ledger.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe("key_is_not_the_sku");
        _ledger.All(Topics.InventoryStockMovements).ShouldBeEmpty();
    }

    [Fact]
    public void Order_that_was_reserved_under_its_own_id_uses_its_reservation()
    {
        var reservation = ReservationIds.Of("shop", "1");
        Send(StockCommandKind.RECEIVE, 5, "c1");
        Send(StockCommandKind.RESERVE, 5, "c2", reservation);
        _claims.PipeIn(Topics.OrdersCompleted, "shop/1", Said.Order("1", Said.Line(1, "A", 5)));
        foreach (var command in _claims.All(Topics.InventoryStockCommands))
            _ledger.PipeIn(Topics.InventoryStockCommands, command.Key, command.Value!);
        var position = _ledger.State(Stores.Positions)["shop/A"];
        (position.OnHand, position.Reserved, position.Owed).ShouldBe((0, 0, 0));
        _ledger.All(Topics.InventoryReservationResults)[^1].Value!.Outcome.ShouldBe(ReservationOutcome.CLAIMED);
    }

    [Fact]
    public void Results_are_gathered_by_reservation_and_forgotten()
    {
        Send(StockCommandKind.RECEIVE, 5, "c1");
        Send(StockCommandKind.RESERVE, 3, "c2", "r");
        Send(StockCommandKind.RELEASE, 0, "c3", "r");
        foreach (var result in _ledger.All(Topics.InventoryReservationResults))
            _reservations.PipeIn(Topics.InventoryReservationResults, result.Key, result.Value!);
        var answer = StatusView.Read(_reservations.View(StatusView.View)["commerce:inventory:reservations:r"][0]);
        (answer.Status, answer.Lines.Single().Quantity).ShouldBe(("released", 3));
        _reservations.AdvanceTime(TimeSpan.FromDays(2));
        _reservations.State(Stores.Status).ShouldBeEmpty();
    }

    private void Send(StockCommandKind kind, int quantity, string id, string? reservation = null) =>
        _ledger.PipeIn(Topics.InventoryStockCommands, "shop/A", Said.Command(kind, "A", quantity, id, reservation));
}
