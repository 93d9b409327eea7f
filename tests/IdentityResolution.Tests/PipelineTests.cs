using Commerce.Collection;
using Commerce.Consent;
using Commerce.Identity;
using Commerce.Orders;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.IdentityResolution.Adapters;
using Commerce.Streaming.IdentityResolution.Domain;
using Commerce.Streaming.Processing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commerce.Streaming.IdentityResolution.Tests;

/// <summary>Both pipelines on the engine that runs them on Kafka; what one sends is carried to the other by hand.</summary>
public sealed class PipelineTests
{
    private readonly TopologyTestDriver _resolve =
        new(IdentityTopologies.BuildResolve(new ResolveHandlers(BlockedValues.Default, DeduplicationLimits.Default, new IdentityLimits())));

    private readonly TopologyTestDriver _decide =
        new(IdentityTopologies.BuildDecide(new DecideHandlers(new IdentityLimits(), BlockedValues.Default, NullLogger<DecideHandlers>.Instance)));

    [Fact]
    public void Device_is_known_after_sign_in()
    {
        var alone = ProfileIds.Of(Given.Tenant, "a:dev");
        var user = ProfileIds.Of(Given.Tenant, "u:shop:7");

        Collect(Given.Event("m1", anonymousId: "dev")).ProfileId.ShouldBe(alone);
        Collect(Given.Event("m2", userId: "7", anonymousId: "dev")).ProfileId.ShouldBe(user);
        Decide().ShouldBe([(alone, user)]);
        Collect(Given.Event("m3", anonymousId: "dev")).ProfileId.ShouldBe(user);
        _resolve.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public void Repeated_message_is_dropped_even_after_a_restart()
    {
        Collect(Given.Event("m1", userId: "7") with { Order = Given.Order("o1") });
        _resolve.Restart();
        _resolve.PipeIn(Topics.CollectionEvents, $"{Given.Tenant}/u:shop:7", Given.Event("m1", userId: "7") with { Order = Given.Order("o1") });

        _resolve.Read(Topics.IdentityResolvedEvents).ShouldBeEmpty();
        _resolve.All(Topics.OrdersCompleted).Count.ShouldBe(1);
    }

    [Fact]
    public void Orders_and_refunds_are_keyed_by_order()
    {
        Collect(Given.Event("m1", userId: "7") with { Order = Given.Order("o1") });
        Collect(Given.Event("m2", userId: "7") with { Refund = Given.Refund("r1", "o1") });
        Collect(Given.Event("m3", userId: "7") with { Refund = Given.Refund("r2", null) });

        _resolve.All(Topics.OrdersCompleted).Select(record => record.Key).ShouldBe(["shop/o1"]);
        _resolve.All(Topics.OrdersRefunded).Select(record => record.Key).ShouldBe(["shop/o1", "shop/r2"]);
    }

    [Fact]
    public void Buyer_of_whom_nothing_is_known_still_has_a_profile_that_order_and_refund_share()
    {
        var order = Collect(Given.Event("m1", userId: "null") with { Order = Given.Order("o1") });
        var refund = Collect(Given.Event("m2", anonymousId: "0") with { Refund = Given.Refund("r1", "o1") });

        refund.ProfileId.ShouldBe(order.ProfileId);
        _resolve.All(Topics.IdentityEvidence).ShouldBeEmpty();
    }

    [Fact]
    public void Consent_decision_follows_the_subject_to_its_profile()
    {
        Collect(Given.Event("m1", userId: "7", anonymousId: "dev"));
        Decide();
        _resolve.Read(Topics.IdentityResolvedEvents);

        _resolve.PipeIn(Topics.ConsentDecisions, $"{Given.Tenant}/a:dev", new ConsentDecided
        {
            DecisionId = "d1", Tenant = Given.Tenant, Subject = "a:dev", Consent = Given.Consent(false), Origin = "banner", DecidedAt = Given.Noon,
        });
        _resolve.PipeInDeletion(Topics.ConsentDecisions, $"{Given.Tenant}/a:dev");

        var resolved = _resolve.Read(Topics.IdentityResolvedEvents).ShouldHaveSingleItem();
        resolved.Key.ShouldBe(ProfileIds.Of(Given.Tenant, "u:shop:7"));
        resolved.Value!.Event.Kind.ShouldBe(EventKind.CONSENT);
        _resolve.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public void Tenants_do_not_know_each_other()
    {
        Collect(Given.Event("m1", userId: "7", anonymousId: "dev"));
        Decide();
        var elsewhere = Given.Event("m2", anonymousId: "dev");

        Collect(elsewhere with { Source = elsewhere.Source with { Tenant = "other" } }).ProfileId.ShouldBe(ProfileIds.Of("other", "a:dev"));
    }

    [Fact]
    public void Assignments_of_two_tenants_do_not_overwrite_each_other_in_the_compacted_topic()
    {
        foreach (var tenant in (string[])[Given.Tenant, "other"])
        {
            var together = Given.Event("m1", userId: "7", anonymousId: "dev");
            Collect(together with { Source = together.Source with { Tenant = tenant } });
        }

        foreach (var evidence in _resolve.Read(Topics.IdentityEvidence)) _decide.PipeIn(Topics.IdentityEvidence, evidence.Key, evidence.Value!);
        _decide.Read(Topics.IdentityAssignments).Select(assigned => assigned.Key).ShouldBe([$"{Given.Tenant}/a:dev", "other/a:dev"], ignoreOrder: true);
    }

    [Fact]
    public void View_shows_members_by_identifier_and_by_former_profile()
    {
        Collect(Given.Event("m1", userId: "7", anonymousId: "dev"));
        Decide();

        var view = _decide.View(MembersView.View);
        var user = ProfileIds.Of(Given.Tenant, "u:shop:7");
        Shown("a:dev").ProfileId.ShouldBe(user);
        Shown(ProfileIds.Of(Given.Tenant, "a:dev")).ProfileId.ShouldBe(user);
        Shown(user).Identifiers.ShouldBe(["a:dev", "u:shop:7"]);

        ProfileMembers Shown(string entry) => MembersView.Read(view[$"{MembersView.KeyPrefix}{Given.Tenant}/{entry}"].ShouldHaveSingleItem());
    }

    private ResolvedEvent Collect(CollectedEvent collected)
    {
        var key = IdentifierRules.Of(collected, BlockedValues.Default) is [var first, ..] ? first : IdentifierRules.Nobody(collected);
        _resolve.PipeIn(Topics.CollectionEvents, Identifier.Key(collected.Source.Tenant, key), collected);
        var resolved = _resolve.Read(Topics.IdentityResolvedEvents).ShouldHaveSingleItem();
        resolved.Key.ShouldBe(resolved.Value!.ProfileId);
        return resolved.Value;
    }

    /// <summary>Carries evidence to the decide pipeline and assignments back; answers the merges.</summary>
    private List<(string Loser, string Winner)> Decide()
    {
        foreach (var evidence in _resolve.Read(Topics.IdentityEvidence)) _decide.PipeIn(Topics.IdentityEvidence, evidence.Key, evidence.Value!);
        foreach (var assigned in _decide.Read(Topics.IdentityAssignments)) _resolve.PipeIn(Topics.IdentityAssignments, assigned.Key, assigned.Value!);
        return [.. _decide.Read(Topics.IdentityProfileMerges).Select(merge => (merge.Value!.Loser, merge.Value.Winner))];
    }
}
