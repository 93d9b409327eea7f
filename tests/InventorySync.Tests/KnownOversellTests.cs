using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>Ways in which other shops' stock went wrong, each as its report describes it.</summary>
public sealed class KnownOversellTests
{
    private readonly Shelf _shelf = new();

    [Fact]
    public void Magento_6363_two_orders_for_the_last_unit_cannot_both_have_it()
    {
        _shelf.Receive(1);
        _shelf.Reserve("one", 1).ShouldBe(ReservationOutcome.RESERVED);
        _shelf.Reserve("two", 1).ShouldBe(ReservationOutcome.REJECTED);
        _shelf.Available.ShouldBe(0);
    }

    [Fact]
    public void Magento_25653_eighteen_frontends_do_not_lead_to_minus_fourteen()
    {
        _shelf.Receive(4);
        Enumerable.Range(0, 18).Count(frontend => _shelf.Reserve($"f{frontend}", 1) == ReservationOutcome.RESERVED).ShouldBe(4);
        Enumerable.Range(0, 18).ToList().ForEach(frontend => _shelf.Sell(1, $"f{frontend}"));
        (_shelf.OnHand, _shelf.Position.Owed).ShouldBe((0, 14));
    }

    [Fact]
    public void Medusa_16502_two_lines_that_share_a_stock_item_are_not_checked_alone()
    {
        _shelf.Receive(3);
        new Http.ReservationRequest("shop", [new("A", 2), new("A", 2)], null, null).QuantityBySku().ShouldBe(new Dictionary<string, int> { ["A"] = 4 });
        _shelf.Reserve("basket", 4).ShouldBe(ReservationOutcome.REJECTED);
    }

    [Fact]
    public void Medusa_16569_concurrent_reservations_lose_no_update()
    {
        _shelf.Receive(10);
        for (var basket = 0; basket < 10; basket++)
            _shelf.Reserve($"b{basket}", 1).ShouldBe(ReservationOutcome.RESERVED);
        _shelf.Position.Reserved.ShouldBe(10);
        _shelf.Reserve("b10", 1).ShouldBe(ReservationOutcome.REJECTED);
    }

    [Fact]
    public void Medusa_16825_failed_reservation_leaves_no_orphan()
    {
        _shelf.Receive(1);
        _shelf.Reserve("failed", 2).ShouldBe(ReservationOutcome.REJECTED);
        _shelf.Available.ShouldBe(1);
        _shelf.Sell(1, "failed");
        (_shelf.OnHand, _shelf.Position.Reserved).ShouldBe((0, 0));
    }

    [Fact]
    public void Vendure_3508_last_unit_that_is_gone_while_in_the_basket_is_owed_not_negative()
    {
        _shelf.Receive(1);
        _shelf.Sell(1, id: "faster");
        _shelf.Sell(1, id: "slower");
        (_shelf.OnHand, _shelf.Position.Owed).ShouldBe((0, 1));
    }

    [Fact]
    public void Vendure_2702_same_variant_twice_counts_twice()
    {
        _shelf.Receive(5);
        _shelf.Sell(2, id: "order/1/1");
        _shelf.Sell(2, id: "order/1/2");
        _shelf.OnHand.ShouldBe(1);
    }

    [Fact]
    public void Nopcommerce_4184_check_then_act_cannot_reach_minus_one()
    {
        _shelf.Receive(1);
        _shelf.Available.ShouldBe(1);
        _shelf.Sell(1);
        _shelf.Sell(1);
        _shelf.Movements.Min(movement => movement.OnHandAfter).ShouldBe(0);
    }

    [Fact]
    public void Magento_inventory_2454_backorders_respect_reservations()
    {
        _shelf.Receive(2);
        _shelf.Reserve("r", 2);
        _shelf.Sell(1);
        (_shelf.OnHand, _shelf.Position.Reserved, _shelf.Position.Owed).ShouldBe((2, 2, 1));
        _shelf.Sell(2, "r");
        (_shelf.OnHand, _shelf.Position.Owed).ShouldBe((0, 1));
    }

    [Fact]
    public void Magento_inventory_2725_correction_of_the_count_leaves_live_reservations_alone()
    {
        _shelf.Receive(10);
        _shelf.Reserve("r", 6);
        _shelf.Adjust(-7);
        (_shelf.OnHand, _shelf.Position.Reserved, _shelf.Position.Owed).ShouldBe((6, 6, 3));
        _shelf.FindReservation("r")!.Held.ShouldBe(6);
    }

    [Fact]
    public void Magento_inventory_3165_what_was_sold_beyond_stock_repairs_itself()
    {
        _shelf.Sell(5);
        _shelf.Receive(8);
        (_shelf.OnHand, _shelf.Position.Owed).ShouldBe((3, 0));
    }

    [Fact]
    public void Claim_after_expiry_takes_nothing_from_others()
    {
        _shelf.Receive(1);
        _shelf.Reserve("late", 1, seconds: 1);
        _shelf.Pass(TimeSpan.FromSeconds(1));
        _shelf.Reserve("other", 1).ShouldBe(ReservationOutcome.RESERVED);
        _shelf.Sell(1, "late");
        (_shelf.OnHand, _shelf.Position.Reserved, _shelf.Position.Owed).ShouldBe((1, 1, 1));
    }
}
