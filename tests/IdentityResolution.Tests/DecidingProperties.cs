using Commerce.Identity;
using Commerce.Streaming.IdentityResolution.Domain;
using CsCheck;

namespace Commerce.Streaming.IdentityResolution.Tests;

public sealed class DecidingProperties
{
    private static readonly Gen<string> User = Gen.Select(Gen.Bool.Select(pos => pos ? "pos" : "shop"), Gen.Int[1, 3], (platform, id) => $"u:{platform}:{id}");

    private static readonly Gen<string> Identifier = Gen.Frequency(
        (1, User),
        (2, Gen.Int[1, 6].Select(id => $"e:em_{id}")),
        (4, Gen.Int[1, 12].Select(id => $"a:{id}")));

    private static readonly Gen<LinkEvidence> Evidence = Identifier.Array[2, 3].Select(identifiers => Given.Evidence(identifiers));

    private static readonly Gen<(LinkEvidence[] Given, LinkEvidence[] Shuffled)> Histories =
        from evidence in Evidence.Array[1, 14]
        from repeated in Gen.Int[0, evidence.Length - 1].Array[0, 6]
        from shuffled in Gen.Shuffle(evidence.Concat(repeated.Select(index => evidence[index])).ToArray())
        select (evidence, shuffled);

    [Fact]
    public void Order_and_repetition_of_evidence_do_not_matter_where_no_rule_refuses_it() => Histories.Sample(histories =>
    {
        var left = new World().Decide(histories.Given);
        var right = new World().Decide(histories.Shuffled);
        foreach (var component in Components(histories.Given).Where(Harmonious))
            foreach (var identifier in component)
            {
                var expected = Expected(component);
                left.ProfileOf(identifier).ShouldBe(expected);
                right.ProfileOf(identifier).ShouldBe(expected);
                right.MembersOf(identifier).ShouldBe(component.Order(StringComparer.Ordinal));
            }
    });

    [Fact]
    public void No_profile_ever_holds_two_users_of_one_platform() => Histories.Sample(histories =>
    {
        var world = new World().Decide(histories.Shuffled);
        foreach (var identifier in histories.Given.SelectMany(evidence => evidence.Identifiers))
            Harmonious(world.MembersOf(identifier)).ShouldBeTrue();
    });

    [Fact]
    public void Following_assignments_or_merges_leads_to_the_profile_of_the_graph() => Histories.Sample(histories =>
    {
        var world = new World().Decide(histories.Shuffled);
        var assigned = world.Assignments.GroupBy(one => one.Identifier).ToDictionary(one => one.Key, one => one.MaxBy(last => last.Version)!.ProfileId);
        var mergedInto = world.Merges.ToDictionary(merge => merge.Loser, merge => merge.Winner);
        foreach (var identifier in histories.Given.SelectMany(evidence => evidence.Identifiers))
        {
            var alone = ProfileIds.Of(Given.Tenant, identifier);
            assigned.GetValueOrDefault(identifier, alone).ShouldBe(world.ProfileOf(identifier));
            var profile = alone;
            while (mergedInto.TryGetValue(profile, out var winner)) profile = winner;
            profile.ShouldBe(world.ProfileOf(identifier));
        }
    });

    private static bool Harmonious(IReadOnlyCollection<string> identifiers) =>
        identifiers.Select(IdentifierRules.PlatformOf).OfType<string>().CountBy(platform => platform).All(count => count.Value == 1);

    private static string Expected(IReadOnlyCollection<string> component)
    {
        var best = component.Max(IdentifierRules.KindOf);
        return component.Where(identifier => IdentifierRules.KindOf(identifier) == best)
            .Select(identifier => ProfileIds.Of(Given.Tenant, identifier)).Min(StringComparer.Ordinal)!;
    }

    /// <summary>The oracle: connected components by repeated merging of sets.</summary>
    private static List<HashSet<string>> Components(IEnumerable<LinkEvidence> evidence)
    {
        var components = new List<HashSet<string>>();
        foreach (var one in evidence)
        {
            var united = one.Identifiers.ToHashSet(StringComparer.Ordinal);
            foreach (var touched in components.Where(component => component.Overlaps(united)).ToList())
            {
                united.UnionWith(touched);
                components.Remove(touched);
            }
            components.Add(united);
        }
        return components;
    }
}
