using Commerce.Collection;
using Commerce.Identity;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.IdentityResolution.Domain;
using Commerce.Streaming.Processing.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commerce.Streaming.IdentityResolution.Tests;

/// <summary>Devices that are not seen any more are forgotten; customers never are.</summary>
public sealed class ForgettingTests
{
    private static readonly IdentityLimits Limits = new();
    private static readonly TimeSpan Long = Limits.AnonymousIdsKept;

    private readonly TopologyTestDriver _resolve =
        new(IdentityTopologies.BuildResolve(new ResolveHandlers(BlockedValues.Default, DeduplicationLimits.Default, Limits)));

    private readonly TopologyTestDriver _decide =
        new(IdentityTopologies.BuildDecide(new DecideHandlers(Limits, BlockedValues.Default, NullLogger<DecideHandlers>.Instance)));

    private int _messages;

    [Fact]
    public void Device_that_is_not_seen_for_long_is_forgotten_and_the_customer_stays()
    {
        See(userId: "7", email: "em_1", anonymousId: "old");
        See(userId: "7", anonymousId: "new");
        Pass(Long / 2);
        See(userId: "7", anonymousId: "new");
        Pass(Long / 2);

        _decide.State(Stores.Members).Keys.ShouldBe(
            [Key("a:new"), Key("e:em_1"), Key("u:shop:7"), Key(Profile("u:shop:7")), Key(Profile("e:em_1")), Key(Profile("a:new"))], ignoreOrder: true);
        _decide.State(Stores.Members)[Key(Profile("u:shop:7"))].Identifiers.ShouldBe(["a:new", "e:em_1", "u:shop:7"]);
        _resolve.State(Stores.Links).ContainsKey(Key("a:old")).ShouldBeFalse();
        See(anonymousId: "old").ShouldBe(Profile("a:old"));
        See(anonymousId: "new").ShouldBe(Profile("u:shop:7"));

        Pass(Long * 2);
        See(email: "em_1").ShouldBe(Profile("u:shop:7"));
        _decide.State(Stores.Members)[Key(Profile("u:shop:7"))].Identifiers.ShouldBe(["e:em_1", "u:shop:7"]);
        _decide.DeadLetters.ShouldBeEmpty();
        _resolve.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public void Forgotten_device_that_comes_back_is_linked_anew_to_whoever_uses_it()
    {
        See(userId: "7", anonymousId: "dev");
        Pass(Long);
        See(userId: "8", anonymousId: "dev");
        See(anonymousId: "dev").ShouldBe(Profile("u:shop:8"));

        Pass(Long);
        _decide.Restart();
        _resolve.Restart();
        See(userId: "7", anonymousId: "dev");
        See(anonymousId: "dev").ShouldBe(Profile("u:shop:7"));
    }

    [Fact]
    public void Device_that_is_seen_alone_now_and_then_stays()
    {
        See(userId: "7", anonymousId: "dev");
        for (var time = 0; time < 6; time++)
        {
            Pass(Long * 0.6);
            See(anonymousId: "dev").ShouldBe(Profile("u:shop:7"));
        }
    }

    [Fact]
    public void Devices_alone_end_with_the_one_that_names_their_profile()
    {
        See(anonymousId: "a", formerId: "b");
        _decide.State(Stores.Members).ShouldNotBeEmpty();
        Pass(Long * 2);
        _decide.State(Stores.Members).ShouldBeEmpty();
        _resolve.State(Stores.Links).Values.ShouldAllBe(links => links.ProfileId == null);
    }

    [Fact]
    public void Repeated_reports_are_few()
    {
        for (var day = 0; day < 400; day += 4)
        {
            See(userId: "7", anonymousId: "dev");
            See(anonymousId: "dev");
            Pass(TimeSpan.FromDays(4));
        }

        _resolve.All(Topics.IdentityEvidence).Count.ShouldBeLessThan(9);
    }

    private static string Key(string entry) => Identifier.Key(Given.Tenant, entry);

    private static string Profile(string identifier) => ProfileIds.Of(Given.Tenant, identifier);

    private void Pass(TimeSpan time)
    {
        _resolve.AdvanceTime(time);
        _decide.AdvanceTime(time);
        Exchange();
    }

    /// <summary>The profile that the event got.</summary>
    private string See(string? userId = null, string? email = null, string? anonymousId = null, string? formerId = null)
    {
        var collected = Given.Event($"m{++_messages}", userId, email, anonymousId) with { PreviousId = formerId, ReceivedAt = _resolve.Now };
        _resolve.PipeIn(Topics.CollectionEvents, Key(IdentifierRules.Of(collected, BlockedValues.Default)[0]), collected);
        Exchange();
        return _resolve.Read(Topics.IdentityResolvedEvents)[^1].Value!.ProfileId;
    }

    private void Exchange()
    {
        foreach (var evidence in _resolve.Read(Topics.IdentityEvidence))
            _decide.PipeIn(Topics.IdentityEvidence, evidence.Key, evidence.Value!);
        foreach (var assigned in _decide.Read(Topics.IdentityAssignments))
        {
            if (assigned.Value is { } value) _resolve.PipeIn(Topics.IdentityAssignments, assigned.Key, value);
            else _resolve.PipeInDeletion(Topics.IdentityAssignments, assigned.Key);
        }
    }
}
