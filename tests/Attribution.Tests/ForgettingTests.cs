using Commerce.Attribution;
using Commerce.Collection;
using Commerce.Identity;
using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Attribution.Domain;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Attribution.Tests;

/// <summary>State ends; what is late, but not too late, is still right.</summary>
public sealed class ForgettingTests
{
    private static readonly CreditRules Rules = new();

    private readonly TopologyTestDriver _driver = new(AttributionTopology.Build(new AttributionHandlers(ChannelRulesFile.Load(), Rules), new Forgetting(Rules)));

    [Fact]
    public void Late_refund_within_the_window_takes_credit_back_from_the_same_touches()
    {
        Visit("p_1", "m1", daysBefore: 29);
        Visit("p_1", "old", daysBefore: 50);
        Order("o1", "p_1");
        _driver.AdvanceTime(Rules.RefundWindow - TimeSpan.FromDays(1));
        _driver.State(Stores.Touches).Keys.ShouldBe(["p_1|m1"]);
        _driver.Restart();
        Refund("r1", "o1", 20m);

        var last = _driver.Read(Topics.AttributionCredits)[^1].Value!;
        (last.Version, last.NetRevenue, last.Cause).ShouldBe((2, 80m, "refund"));
        last.Models.SelectMany(model => model.Credits).ShouldAllBe(credit => credit.Touch == "m1" && credit.Credit == 80m);
    }

    [Fact]
    public void Everything_is_forgotten_in_the_end()
    {
        Visit("p_1", "m1", daysBefore: 3);
        Order("o1", "p_1");
        Refund("r1", "o1", 20m);
        Refund("r2", "never-came", 5m);
        Withdraw("p_1");
        _driver.AdvanceTime(Rules.RefundWindow - TimeSpan.FromSeconds(1));
        _driver.State(Stores.Owners).Count.ShouldBe(2);
        _driver.State(Stores.Shown).Count.ShouldBe(1);

        _driver.AdvanceTime(TimeSpan.FromDays(2));
        _driver.State(Stores.Owners).ShouldBeEmpty();
        _driver.State(Stores.Shown).ShouldBeEmpty();
        _driver.State(Stores.Orders).ShouldBeEmpty();
        _driver.AdvanceTime(Rules.Lookback * 3);
        _driver.State(Stores.Touches).ShouldBeEmpty();
        _driver.State(Stores.Journeys).ShouldBeEmpty();
        _driver.View(CreditsView.View).ShouldBeEmpty();
        _driver.Restart();
        _driver.State(Stores.Touches).ShouldBeEmpty();
    }

    [Fact]
    public void Refund_after_the_window_changes_nothing_and_is_forgotten_itself()
    {
        Order("o1", "p_1");
        _driver.AdvanceTime(Rules.RefundWindow);
        _driver.Read(Topics.AttributionCredits).Count.ShouldBe(1);
        Refund("r1", "o1", 20m);
        _driver.Read(Topics.AttributionCredits).ShouldBeEmpty();
        _driver.AdvanceTime(Rules.RefundWindow);
        _driver.State(Stores.Owners).ShouldBeEmpty();
    }

    [Fact]
    public void Refund_that_came_first_does_not_shorten_the_window_of_its_order()
    {
        Refund("r1", "o1", 20m);
        _driver.AdvanceTime(TimeSpan.FromDays(300));
        Order("o1", "p_1");
        _driver.AdvanceTime(TimeSpan.FromDays(399));
        Refund("r2", "o1", 30m);
        _driver.Read(Topics.AttributionCredits)[^1].Value!.NetRevenue.ShouldBe(50m);
    }

    [Fact]
    public void Merged_profile_forwards_as_long_as_an_order_names_it()
    {
        Visit("p_dev", "m1", daysBefore: 3);
        Order("o1", "p_dev");
        _driver.AdvanceTime(TimeSpan.FromDays(100));
        _driver.PipeIn(Topics.IdentityProfileMerges, "p_dev", new ProfileMerged
        {
            Tenant = "default", Loser = "p_dev", Winner = "p_user", Identifiers = [], EvidenceMessageId = "e", Version = 1, MergedAt = Given.Day,
        });
        _driver.State(Stores.Journeys).Keys.ShouldBe(["p_dev"]);
        _driver.AdvanceTime(Rules.RefundWindow - TimeSpan.FromDays(101));
        Refund("r1", "o1", 20m);

        // The order's partition still names the profile of then.
        var last = _driver.Read(Topics.AttributionCredits)[^1].Value!;
        (last.ProfileId, last.NetRevenue).ShouldBe(("p_user", 80m));
        last.Models[0].Credits.Single().Touch.ShouldBe("m1");
        _driver.AdvanceTime(TimeSpan.FromDays(101) + TimeSpan.FromDays(2));
        _driver.State(Stores.Journeys).ShouldBeEmpty();
    }

    private void Visit(string profile, string message, double daysBefore) => _driver.PipeIn(Topics.IdentityResolvedEvents, profile, new ResolvedEvent
    {
        ProfileId = profile, Event = Given.Visit(message, Given.Campaign("newsletter", "email"), daysBefore: daysBefore),
    });

    private void Order(string order, string profile) => _driver.PipeIn(Topics.OrdersCompleted, $"shop/{order}", Given.Completed(order, profile, 100m));

    private void Refund(string refund, string order, decimal amount) =>
        _driver.PipeIn(Topics.OrdersRefunded, $"shop/{order}", Given.Refunded(refund, order, "p_9", amount));

    private void Withdraw(string profile) => _driver.PipeIn(Topics.IdentityResolvedEvents, profile, new ResolvedEvent
    {
        ProfileId = profile, Event = Given.Visit("d1") with { Kind = EventKind.CONSENT, Consent = Given.Consent(false), Timestamp = Given.Day.AddDays(1) },
    });
}
