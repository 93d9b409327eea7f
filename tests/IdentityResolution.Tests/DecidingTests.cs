using Commerce.Streaming.IdentityResolution.Domain;

namespace Commerce.Streaming.IdentityResolution.Tests;

public sealed class DecidingTests
{
    [Fact]
    public void Device_joins_the_user_who_signed_in()
    {
        var world = new World().Decide(Given.Evidence("u:shop:7", "e:em_1", "a:dev"));

        var profile = ProfileIds.Of(Given.Tenant, "u:shop:7");
        world.ProfileOf("a:dev").ShouldBe(profile);
        world.MembersOf("e:em_1").ShouldBe(["a:dev", "e:em_1", "u:shop:7"]);
        world.Merges.Select(merge => (merge.Loser, merge.Winner)).ShouldBe(
        [
            (ProfileIds.Of(Given.Tenant, "e:em_1"), profile),
            (ProfileIds.Of(Given.Tenant, "a:dev"), profile),
        ]);
        world.Assignments.Select(assigned => (assigned.Identifier, assigned.ProfileId)).ShouldBe([("e:em_1", profile), ("a:dev", profile)]);
    }

    [Fact]
    public void Known_links_change_nothing()
    {
        var world = new World().Decide(Given.Evidence("u:shop:7", "a:dev"));
        var assigned = world.Assignments.Count;

        world.Decide(Given.Evidence("u:shop:7", "a:dev"), Given.Evidence("a:dev"), Given.Evidence());

        world.Assignments.Count.ShouldBe(assigned);
        world.Merges.Count.ShouldBe(1);
    }

    [Fact]
    public void Shared_device_never_merges_two_customers()
    {
        var world = new World().Decide(Given.Evidence("u:shop:1", "a:kiosk"), Given.Evidence("u:shop:2", "a:kiosk"));

        world.ProfileOf("u:shop:2").ShouldBe(ProfileIds.Of(Given.Tenant, "u:shop:2"));
        world.ProfileOf("a:kiosk").ShouldBe(ProfileIds.Of(Given.Tenant, "u:shop:1"));
        world.Refusals.ShouldBe([Refusal.UserConflict]);
        world.Assignments.Count.ShouldBe(1);
    }

    [Fact]
    public void Refused_link_leaves_the_other_links_of_the_event_alone()
    {
        var world = new World().Decide(Given.Evidence("u:shop:1", "a:kiosk"), Given.Evidence("u:shop:2", "e:em_2", "a:kiosk"));

        world.MembersOf("u:shop:2").ShouldBe(["e:em_2", "u:shop:2"]);
        world.Refusals.ShouldBe([Refusal.UserConflict]);
    }

    [Fact]
    public void One_user_id_on_each_of_two_platforms_is_one_person()
    {
        var world = new World().Decide(Given.Evidence("u:shop:1", "e:em_1"), Given.Evidence("u:pos:99", "e:em_1"));

        world.ProfileOf("u:pos:99").ShouldBe(world.ProfileOf("u:shop:1"));
        world.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public void Profile_that_would_grow_beyond_its_limit_stays_as_it_is()
    {
        var world = new World(new IdentityLimits(AnonymousIds: 2))
            .Decide(Given.Evidence("u:shop:1", "a:1"), Given.Evidence("u:shop:1", "a:2"), Given.Evidence("u:shop:1", "a:3"));

        world.MembersOf("u:shop:1").ShouldBe(["a:1", "a:2", "u:shop:1"]);
        world.ProfileOf("a:3").ShouldBe(ProfileIds.Of(Given.Tenant, "a:3"));
        world.Refusals.ShouldBe([Refusal.Limit]);
    }

    [Fact]
    public void Blocked_values_link_nothing()
    {
        var world = new World().Decide(Given.Evidence("u:shop:1", "a:null"), Given.Evidence("u:other:2", "a:null"), Given.Evidence("u:shop:0", "a:dev"));

        world.Merges.ShouldBeEmpty();
    }

    [Fact]
    public void Versions_of_an_identifier_grow()
    {
        var world = new World().Decide(
            Given.Evidence("a:1", "a:2"), Given.Evidence("e:em_1", "a:1"), Given.Evidence("u:shop:1", "e:em_1"), Given.Evidence("u:shop:1", "a:9"));

        foreach (var versions in world.Assignments.GroupBy(assigned => assigned.Identifier))
            versions.Select(assigned => assigned.Version).ShouldBe(versions.Select(assigned => assigned.Version).Distinct().Order());
    }
}
