using Commerce.Collection;
using Commerce.Consent;
using Commerce.Identity;
using Commerce.Streaming.IdentityResolution.Domain;

namespace Commerce.Streaming.IdentityResolution.Tests;

public sealed class ResolutionTests
{
    [Fact]
    public void Lone_identifier_gets_the_profile_that_is_a_function_of_it_and_costs_no_state()
    {
        var resolved = Resolve(Given.Event("m1", anonymousId: "dev"), null);

        resolved.Event.ProfileId.ShouldBe(ProfileIds.Of(Given.Tenant, "a:dev"));
        resolved.Evidence.ShouldBeNull();
        resolved.Links.ShouldBeNull();
    }

    [Fact]
    public void Identifiers_seen_together_are_evidence_once()
    {
        var first = Resolve(Given.Event("m1", userId: "7", anonymousId: "dev"), null);
        first.Evidence!.Identifiers.ShouldBe(["u:shop:7", "a:dev"]);

        var second = Resolve(Given.Event("m2", userId: "7", anonymousId: "dev"), first.Links);
        second.Evidence.ShouldBeNull();
        second.Links.ShouldBeNull();

        var third = Resolve(Given.Event("m3", userId: "7", anonymousId: "phone"), first.Links);
        third.Evidence!.Identifiers.ShouldBe(["u:shop:7", "a:phone"]);
        third.Links!.Reported.ShouldBe(["a:dev", "a:phone"]);
    }

    [Fact]
    public void Remembered_links_are_bounded()
    {
        KeyLinks? links = null;
        for (var device = 0; device < Resolution.MaxReported + 5; device++)
            links = Resolve(Given.Event($"m{device}", userId: "7", anonymousId: $"dev{device}"), links).Links;

        links!.Reported.Count.ShouldBe(Resolution.MaxReported);
        links.Reported[0].ShouldBe("a:dev5");
    }

    [Fact]
    public void Assignment_holds_from_then_on_and_an_older_one_is_ignored()
    {
        var links = Resolution.Assign(null, Assigned("p_new", version: 2), Given.Noon);
        Resolve(Given.Event("m1", anonymousId: "dev"), links).Event.ProfileId.ShouldBe("p_new");

        Resolution.Assign(links, Assigned("p_old", version: 1), Given.Noon).ShouldBeNull();
        Resolution.Assign(links, Assigned("p_new", version: 2), Given.Noon).ShouldBeNull();
        Resolution.Assign(links, Assigned("p_newer", version: 3), Given.Noon)!.ProfileId.ShouldBe("p_newer");
    }

    [Fact]
    public void Orders_and_refunds_are_sent_on_with_the_profile()
    {
        var order = Resolve(Given.Event("m1", userId: "7") with { Order = Given.Order("o1") }, null);
        order.Completed!.ProfileId.ShouldBe(order.Event.ProfileId);
        order.Completed.UserId.ShouldBe("7");
        order.Refunded.ShouldBeNull();

        var refund = Resolve(Given.Event("m2", userId: "7") with { Refund = Given.Refund("r1", null) }, null);
        refund.Refunded!.Refund.RefundId.ShouldBe("r1");
        refund.Completed.ShouldBeNull();
    }

    [Theory]
    [InlineData("u:shop:7", "7", null, null, "shop")]
    [InlineData("e:em_1", null, "em_1", null, "")]
    [InlineData("a:dev", null, null, "dev", "")]
    public void Consent_decision_becomes_an_event_of_the_subjects_profile(string subject, string? userId, string? email, string? anonymousId, string platform)
    {
        var decided = new ConsentDecided
        {
            DecisionId = "d1", Tenant = Given.Tenant, Subject = subject, Consent = Given.Consent(false), Origin = "banner", DecidedAt = Given.Noon,
        };

        var resolved = Resolution.Consent(decided, null, Given.Noon.AddSeconds(1));

        resolved.ProfileId.ShouldBe(ProfileIds.Of(Given.Tenant, subject));
        resolved.Event.Kind.ShouldBe(EventKind.CONSENT);
        (resolved.Event.UserId, resolved.Event.EmailPseudonym, resolved.Event.AnonymousId).ShouldBe((userId, email, anonymousId));
        resolved.Event.Source.Platform.ShouldBe(platform);
        resolved.Event.Timestamp.ShouldBe(Given.Noon);

        var links = Resolution.Assign(null, Assigned("p_new", version: 1), Given.Noon);
        Resolution.Consent(decided, links, Given.Noon).ProfileId.ShouldBe("p_new");
    }

    private static Resolved Resolve(CollectedEvent collected, KeyLinks? links) =>
        Resolution.Resolve(collected, IdentifierRules.Of(collected, BlockedValues.Default), links, new IdentityLimits(), Given.Noon);

    private static IdentifierAssigned Assigned(string profile, long version) => new()
    {
        Tenant = Given.Tenant, Identifier = "a:dev", ProfileId = profile, Version = version, AssignedAt = Given.Noon,
    };
}
