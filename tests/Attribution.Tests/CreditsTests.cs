using Commerce.Attribution;
using Commerce.Streaming.Attribution.Domain;
using CsCheck;

namespace Commerce.Streaming.Attribution.Tests;

public sealed class CreditsTests
{
    private static readonly CreditRules Rules = new();

    [Fact]
    public void Order_without_touches_is_direct() => Of(Given.Path(), []).ShouldBe([("(none)", "direct", 140m)]);

    [Fact]
    public void Lookback_includes_both_ends() =>
        Of(Given.Path(), [Given.Touch("first", 30), Given.Touch("last", 0), Given.Touch("old", 30.001), Given.Touch("after", -0.001)])
            .ShouldBe([("first", "email", 70m), ("last", "email", 70m)]);

    [Fact]
    public void Touch_captured_without_consent_does_not_count() =>
        Of(Given.Path(), [Given.Touch("a", 2), Given.Touch("b", 1, consented: false)]).ShouldBe([("a", "email", 140m)]);

    [Fact]
    public void Only_touches_without_consent_make_the_order_unconsented() =>
        Of(Given.Path(), [Given.Touch("b", 1, consented: false)]).ShouldBe([("(none)", "unconsented", 140m)]);

    [Fact]
    public void Withdrawn_consent_takes_all_touches_away() =>
        Of(Given.Path(), [Given.Touch("a")], withdrawn: true).ShouldBe([("(none)", "unconsented", 140m)]);

    [Fact]
    public void Order_captured_without_consent_is_not_joined_to_touches() =>
        Of(Given.Path(consented: false), [Given.Touch("a")]).ShouldBe([("(none)", "unconsented", 140m)]);

    [Fact]
    public void Refund_takes_credit_back_from_the_same_touches() =>
        Of(Given.Path(100m, true, Given.RefundRef("r1", 30m)), [Given.Touch("a", 2), Given.Touch("b")]).ShouldBe([("a", "email", 35m), ("b", "email", 35m)]);

    [Fact]
    public void More_refunded_than_paid_is_negative_credit() =>
        Of(Given.Path(10m, true, Given.RefundRef("r1", 30m)), [Given.Touch("a", 2), Given.Touch("b")]).ShouldBe([("a", "email", -10m), ("b", "email", -10m)]);

    [Fact]
    public void Refund_in_another_currency_cannot_be_taken_off() => Credits.Net(Given.Path(100m, true, Given.RefundRef("r1", 30m, "USD"))).ShouldBe(100m);

    [Fact]
    public void Newest_touches_count_when_there_are_too_many() =>
        Of(Given.Path(), [Given.Touch("a", 3), Given.Touch("b", 2), Given.Touch("c", 1)], rules: Rules with { MaxTouchesPerOrder = 2 })
            .ShouldBe([("b", "email", 70m), ("c", "email", 70m)]);

    [Fact]
    public void Touches_at_one_instant_are_in_the_order_of_their_ids() =>
        Of(Given.Path(0.0001m), [Given.Touch("b"), Given.Touch("a")]).ShouldBe([("a", "email", 0.0001m), ("b", "email", 0m)]);

    [Fact]
    public void Every_model_sums_to_the_net_revenue() =>
        Gen.Select(Gen.Int[-2_000_000, 2_000_000], Gen.Double[0, 40].Array[0, 12]).Sample((units, days) =>
        {
            var path = Given.Path(units / 10_000m);
            var credited = Credits.Of(path, "p_1", [.. days.Select((day, index) => Given.Touch($"t{index}", day))], false, Causes.Order, Rules);
            credited.Models.Select(model => model.Model).ShouldBe(["last_touch", "linear", "position_based", "time_decay"]);
            credited.Models.ShouldAllBe(model => model.Credits.Sum(credit => credit.Credit) == path.Revenue);
        });

    private static List<(string Touch, string Channel, decimal Credit)> Of(
        OrderPath path, Touch[] touches, bool withdrawn = false, CreditRules? rules = null) =>
        [
            .. Credits.Of(path, "p_1", touches, withdrawn, Causes.Order, rules ?? Rules).Models.Single(model => model.Model == "linear").Credits
                .Select(credit => (credit.Touch, credit.Channel, credit.Credit)),
        ];
}
