using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>Attempts at one SKU, and who shares them.</summary>
public sealed class ReservationTests
{
    private readonly Shelf _shelf = new();

    public ReservationTests() => _shelf.Receive(5);

    [Fact]
    public void Released_reservation_can_be_made_again_as_a_new_attempt()
    {
        Reserve("one").Attempt.ShouldBe(1);
        _shelf.Release("r", attempt: 1).ShouldBe(ReservationOutcome.RELEASED);
        var again = Reserve("two");
        (again.Outcome, again.Attempt, again.Repeated).ShouldBe((ReservationOutcome.RESERVED, 2, false));
    }

    [Fact]
    public void Rejected_reservation_is_made_once_there_is_stock()
    {
        Reserve("one", 6).Outcome.ShouldBe(ReservationOutcome.REJECTED);
        _shelf.Receive(1);
        var again = Reserve("two", 6);
        (again.Outcome, again.Attempt).ShouldBe((ReservationOutcome.RESERVED, 2));
    }

    [Fact]
    public void Late_release_of_one_attempt_leaves_the_next_alone()
    {
        Reserve("one");
        _shelf.TakeBack("r", "one").ShouldBe(ReservationOutcome.RELEASED);
        Reserve("two");
        _shelf.TakeBack("r", "one").ShouldBe(ReservationOutcome.RESERVED);
        _shelf.Release("r", attempt: 1).ShouldBe(ReservationOutcome.RESERVED);
        _shelf.Available.ShouldBe(3);
    }

    [Fact]
    public void What_two_requests_share_is_freed_when_both_took_it_back()
    {
        Reserve("one").Repeated.ShouldBeFalse();
        Reserve("two").Repeated.ShouldBeTrue();
        _shelf.TakeBack("r", "one").ShouldBe(ReservationOutcome.RESERVED);
        _shelf.TakeBack("r", "one").ShouldBe(ReservationOutcome.RESERVED);
        _shelf.Available.ShouldBe(3);
        _shelf.TakeBack("r", "two").ShouldBe(ReservationOutcome.RELEASED);
        _shelf.Available.ShouldBe(5);
    }

    [Fact]
    public void What_more_share_than_can_be_remembered_is_freed_by_its_end_only()
    {
        for (var request = 0; request < 40; request++)
            Reserve($"q{request}").Outcome.ShouldBe(ReservationOutcome.RESERVED);
        for (var request = 0; request < 40; request++)
            _shelf.TakeBack("r", $"q{request}");
        _shelf.Available.ShouldBe(3);
        _shelf.Release("r", attempt: 1);
        _shelf.Available.ShouldBe(5);
    }

    [Fact]
    public void Commands_that_come_again_change_nothing()
    {
        Reserve("one");
        Reserve("one");
        _shelf.TakeBack("r", "one");
        Reserve("one").Outcome.ShouldBe(ReservationOutcome.RELEASED);
        _shelf.Available.ShouldBe(5);
    }

    [Fact]
    public void Reserve_that_comes_after_it_was_taken_back_holds_nothing()
    {
        _shelf.TakeBack("r", "one").ShouldBe(ReservationOutcome.RELEASED);
        Reserve("one").Outcome.ShouldBe(ReservationOutcome.RELEASED);
        _shelf.Available.ShouldBe(5);
        Reserve("two").Outcome.ShouldBe(ReservationOutcome.RESERVED);
    }

    [Fact]
    public void Live_reservation_is_bound_to_its_lines()
    {
        Reserve("one", hash: "x");
        var other = Reserve("two", hash: "y");
        (other.Outcome, other.Reason).ShouldBe((ReservationOutcome.MISMATCHED, "other_lines"));
        _shelf.Available.ShouldBe(3);
        _shelf.Release("r");
        Reserve("three", hash: "y").Outcome.ShouldBe(ReservationOutcome.RESERVED);
    }

    [Fact]
    public void Reservation_whose_timer_is_late_has_lapsed_all_the_same()
    {
        Reserve("one", 5);
        _shelf.Now += TimeSpan.FromSeconds(60);
        var next = Reserve("two", 5);
        (next.Outcome, next.Attempt).ShouldBe((ReservationOutcome.RESERVED, 2));
        _shelf.Now += TimeSpan.FromSeconds(60);
        _shelf.Sell(5, "r").Decision!.Outcome.ShouldBe(ReservationOutcome.EXPIRED);
        (_shelf.OnHand, _shelf.Position.Reserved).ShouldBe((0, 0));
    }

    private ReservationDecided Reserve(string request, int quantity = 2, string hash = "x") =>
        _shelf.Apply(_shelf.Command(StockCommandKind.RESERVE, quantity, request, "r") with { LinesHash = hash }).Decision!;
}
