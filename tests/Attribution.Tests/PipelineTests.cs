using Commerce.Attribution;
using Commerce.Collection;
using Commerce.Identity;
using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Attribution.Domain;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Attribution.Tests;

/// <summary>The pipeline on the engine that runs it on Kafka.</summary>
public sealed class PipelineTests
{
    private readonly TopologyTestDriver _driver =
        new(AttributionTopology.Build(new AttributionHandlers(ChannelRulesFile.Load(), new CreditRules()), new Forgetting(new CreditRules())));

    [Fact]
    public void Visit_order_and_refund_become_credits()
    {
        Visit("p_1", "m1", "newsletter", "email", daysBefore: 3);
        Visit("p_1", "m2", "google", "cpc", daysBefore: 1);
        Order("o1", "p_1", 100m);
        Refund("r1", "o1", "p_9", 20m);

        var stated = _driver.Read(Topics.AttributionCredits);
        stated.Select(record => (record.Key, record.Value!.Version, record.Value.NetRevenue, record.Value.Cause))
            .ShouldBe([("shop/o1", 1, 100m, "order"), ("shop/o1", 2, 80m, "refund")]);
        stated[1].Value!.Models.Single(model => model.Model == "linear").Credits.Select(credit => (credit.Touch, credit.Channel, credit.Credit))
            .ShouldBe([("m1", "email", 40m), ("m2", "paid_search", 40m)]);
        _driver.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public void Merge_restates_the_order_under_the_winner_and_state_survives_a_restart()
    {
        Visit("p_dev", "m1", "newsletter", "email", daysBefore: 3);
        Order("o1", "p_user", 100m);
        _driver.Restart();
        _driver.PipeIn(Topics.IdentityProfileMerges, "p_dev", Merged("p_dev", "p_user"));
        Visit("p_dev", "m2", "google", "cpc", daysBefore: 1);

        _driver.Read(Topics.AttributionCredits).Select(record => (record.Value!.Cause, record.Value.Models[0].Credits[0].Touch))
            .ShouldBe([("order", "(none)"), ("merge", "m1"), ("late_touch", "m2")]);
    }

    [Fact]
    public void Withdrawn_consent_leaves_the_money_and_takes_the_touches()
    {
        Visit("p_1", "m1", "newsletter", "email", daysBefore: 3);
        Order("o1", "p_1", 100m);
        _driver.PipeIn(Topics.IdentityResolvedEvents, "p_1", new ResolvedEvent
        {
            ProfileId = "p_1",
            Event = Given.Visit("d1") with { Kind = EventKind.CONSENT, Consent = Given.Consent(false), Timestamp = Given.Day.AddDays(1) },
        });

        var last = _driver.Read(Topics.AttributionCredits)[^1].Value!;
        (last.Cause, last.NetRevenue).ShouldBe(("consent", 100m));
        last.Models.SelectMany(model => model.Credits).ShouldAllBe(credit => credit.Channel == "unconsented" && credit.Credit == 100m);
    }

    [Fact]
    public void View_shows_the_newest_statement()
    {
        Order("o1", "p_1", 100m);
        Refund("r1", "o1", "p_1", 100m);

        var shown = CreditsView.Read(_driver.View(CreditsView.View)[CreditsView.KeyPrefix + "shop/o1"].ShouldHaveSingleItem());
        (shown.Version, shown.NetRevenue, shown.Models.Count).ShouldBe((2, 0m, 4));
        shown.Models[0].Credits.ShouldBe([new CreditDocument("(none)", "direct", null, null, 0m)]);
    }

    [Fact]
    public void Too_many_refunds_of_one_order_are_dead_letters_with_a_reason()
    {
        var driver = new TopologyTestDriver(AttributionTopology.Build(new AttributionHandlers(ChannelRulesFile.Load(), new CreditRules { MaxRefundsPerOrder = 1 }), new Forgetting(new CreditRules())));
        driver.PipeIn(Topics.OrdersRefunded, "shop/o1", Given.Refunded("r1", "o1", "p_1", 1m));
        driver.PipeIn(Topics.OrdersRefunded, "shop/o1", Given.Refunded("r2", "o1", "p_1", 1m));

        driver.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(Ownership.TooManyRefunds);
    }

    private void Visit(string profile, string messageId, string source, string medium, double daysBefore) =>
        _driver.PipeIn(Topics.IdentityResolvedEvents, profile, new ResolvedEvent
        {
            ProfileId = profile, Event = Given.Visit(messageId, Given.Campaign(source, medium), daysBefore: daysBefore),
        });

    private void Order(string orderId, string profile, decimal revenue) =>
        _driver.PipeIn(Topics.OrdersCompleted, $"shop/{orderId}", Given.Completed(orderId, profile, revenue));

    private void Refund(string refundId, string orderId, string profile, decimal amount) =>
        _driver.PipeIn(Topics.OrdersRefunded, $"shop/{orderId}", Given.Refunded(refundId, orderId, profile, amount));

    private static ProfileMerged Merged(string loser, string winner) => new()
    {
        Tenant = "default", Loser = loser, Winner = winner, Identifiers = [], EvidenceMessageId = "m", Version = 1, MergedAt = Given.Day,
    };
}
