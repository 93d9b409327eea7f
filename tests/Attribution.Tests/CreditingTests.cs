using Commerce.Attribution;
using Commerce.Identity;
using Commerce.Streaming.Attribution.Domain;

namespace Commerce.Streaming.Attribution.Tests;

public sealed class CreditingTests
{
    private static readonly CreditRules Rules = new();
    private readonly InMemoryJourneys _journeys = new();

    [Fact]
    public void Late_touch_within_the_lookback_restates_and_others_do_not()
    {
        Receive(orders: [Given.Path()]).Credited.ShouldHaveSingleItem().Version.ShouldBe(1);

        Receive(touches: [Given.Touch("old", 31), Given.Touch("after", -1)]).Credited.ShouldBeEmpty();
        var restated = Receive(touches: [Given.Touch("in", 3)]).Credited.ShouldHaveSingleItem();
        (restated.Version, restated.Cause).ShouldBe((2, Causes.LateTouch));
        restated.Models[0].Credits[0].Touch.ShouldBe("in");
    }

    [Fact]
    public void Repetition_states_nothing()
    {
        Receive(touches: [Given.Touch("a")], orders: [Given.Path()]).Credited.Count.ShouldBe(1);

        Receive(touches: [Given.Touch("a")], orders: [Given.Path()]).Credited.ShouldBeEmpty();
    }

    [Fact]
    public void Withdrawal_restates_the_orders_of_the_profile_and_a_new_grant_brings_them_back()
    {
        Receive(touches: [Given.Touch("a")], orders: [Given.Path()]);

        Decide(withdrawn: true, hour: 2).Credited.Single().Models[0].Credits[0].Channel.ShouldBe(Channels.Unconsented);
        Decide(withdrawn: false, hour: 1).Credited.ShouldBeEmpty();
        Decide(withdrawn: false, hour: 2).Credited.ShouldBeEmpty();
        Decide(withdrawn: false, hour: 3).Credited.Single().Models[0].Credits[0].Channel.ShouldBe("email");
    }

    [Fact]
    public void Merge_hands_everything_over_in_bounded_messages_and_forwards_latecomers()
    {
        Receive(touches: [Given.Touch("a"), Given.Touch("b"), Given.Touch("c")], orders: [Given.Path()]);
        Decide(withdrawn: false, hour: 1);

        var outcome = Crediting.Merge(Merged("p_1", "p_0"), _journeys, Rules with { MaxItemsPerHandover = 2 });

        outcome.HandedOver.Select(handover => (handover.Touches.Count, handover.Orders.Count, handover.ConsentDecidedAt is not null))
            .ShouldBe([(0, 0, true), (2, 0, false), (1, 0, false), (0, 1, false)]);
        outcome.HandedOver[^1].Orders[0].Version.ShouldBe(1);
        _journeys.Touches("p_1").ShouldBeEmpty();
        _journeys.Orders("p_1").ShouldBeEmpty();
        var forwarded = Receive(touches: [Given.Touch("late")]).HandedOver.ShouldHaveSingleItem();
        (forwarded.From, forwarded.To, forwarded.Cause).ShouldBe(("p_1", "p_0", Causes.LateTouch));
        Crediting.Merge(Merged("p_1", "p_0"), _journeys, Rules).HandedOver.ShouldBeEmpty();
    }

    [Fact]
    public void Refunds_count_as_items_of_a_handover()
    {
        OrderPath Numbered(int id, int refunds) => Given.Path() with
        {
            OrderId = $"o{id}", Refunds = [.. Enumerable.Range(0, refunds).Select(refund => Given.RefundRef($"r{refund}", 1m))],
        };
        Receive(orders: [Numbered(1, 0), Numbered(2, 1), Numbered(3, 0), Numbered(4, 9), Numbered(5, 0)]);

        Crediting.Merge(Merged("p_1", "p_0"), _journeys, Rules with { MaxItemsPerHandover = 3 }).HandedOver
            .Select(handover => handover.Orders.Count).ShouldBe([2, 1, 1, 1]);
    }

    [Fact]
    public void Profile_without_state_merges_without_a_message() => Crediting.Merge(Merged("p_1", "p_0"), _journeys, Rules).HandedOver.ShouldBeEmpty();

    [Fact]
    public void Oldest_touches_are_forgotten_when_there_are_too_many()
    {
        var outcome = Receive(touches: [Given.Touch("a", 3), Given.Touch("b", 2), Given.Touch("c", 1)], rules: Rules with { MaxTouchesPerProfile = 2 });

        outcome.Forgotten.ShouldBe(1);
        _journeys.Touches("p_1").Select(touch => touch.TouchId).ShouldBe(["b", "c"], ignoreOrder: true);
    }

    [Fact]
    public void Refund_waits_for_its_order()
    {
        var early = Ownership.Refund(null, Given.Refunded("r1", "o1", "p_2", 40m), Rules);
        early.Sent.ShouldBeNull();

        var completed = Ownership.Complete(early.Next, Given.Completed("o1", "p_1", 140m));
        (completed.Sent!.To, Credits.Net(completed.Sent.Orders[0])).ShouldBe(("p_1", 100m));
    }

    [Fact]
    public void Refund_by_another_identity_reaches_the_owner_of_the_order()
    {
        var owner = Ownership.Complete(null, Given.Completed("o1", "p_1", 140m)).Next;

        var refund = Ownership.Refund(owner, Given.Refunded("r1", "o1", "p_2", 40m), Rules);

        (refund.Sent!.To, refund.Sent.Cause).ShouldBe(("p_1", Causes.Refund));
        Ownership.Refund(refund.Next, Given.Refunded("r1", "o1", "p_2", 40m), Rules).ShouldBe(OwnershipStep.Nothing);
    }

    [Fact]
    public void Order_sent_twice_under_two_identities_is_the_first_ones()
    {
        var owner = Ownership.Complete(null, Given.Completed("o1", "p_1", 140m)).Next;

        Ownership.Complete(owner, Given.Completed("o1", "p_2", 150m)).ShouldBe(OwnershipStep.Nothing);
    }

    [Fact]
    public void Refund_without_order_takes_back_nothing() =>
        Ownership.Refund(null, Given.Refunded("r1", null, "p_1", 40m), Rules).ShouldBe(OwnershipStep.Nothing);

    [Fact]
    public void Refunds_beyond_the_limit_are_refused()
    {
        var rules = Rules with { MaxRefundsPerOrder = 1 };
        var first = Ownership.Refund(null, Given.Refunded("r1", "o1", "p_1", 4m), rules);

        Ownership.Refund(first.Next, Given.Refunded("r2", "o1", "p_1", 4m), rules).Refused.ShouldBe(Ownership.TooManyRefunds);
    }

    [Fact]
    public void What_two_places_know_of_an_order_adds_up_either_way()
    {
        var stated = Given.Path(refunds: Given.RefundRef("r2", 1m)) with { Version = 3, Stated = "x" };
        var fresh = Given.Path(refunds: [Given.RefundRef("r1", 2m), Given.RefundRef("r2", 1m)]);

        foreach (var union in new[] { OrderPaths.Union(stated, fresh), OrderPaths.Union(fresh, stated) })
        {
            (union.Version, union.Stated).ShouldBe((3, "x"));
            union.Refunds.Select(refund => refund.RefundId).ShouldBe(["r1", "r2"]);
        }
    }

    private Outcome Receive(Touch[]? touches = null, OrderPath[]? orders = null, CreditRules? rules = null) =>
        Crediting.Receive(
            new StateHandover { To = "p_1", Touches = touches ?? [], Orders = orders ?? [], Cause = touches is null ? Causes.Order : Causes.LateTouch },
            _journeys, rules ?? Rules);

    private Outcome Decide(bool withdrawn, int hour) =>
        Crediting.Receive(
            new StateHandover
            {
                To = "p_1", Touches = [], Orders = [], Cause = Causes.Consent,
                AnalyticsWithdrawn = withdrawn, ConsentDecidedAt = Given.Day.AddHours(hour),
            },
            _journeys, Rules);

    private static ProfileMerged Merged(string loser, string winner) => new()
    {
        Tenant = "default", Loser = loser, Winner = winner, Identifiers = [], EvidenceMessageId = "m", Version = 1, MergedAt = Given.Day,
    };
}
