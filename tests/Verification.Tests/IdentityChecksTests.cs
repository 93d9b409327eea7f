using Commerce.Streaming.Privacy;
using Commerce.Streaming.SampleShop;
using Commerce.Streaming.Verification.Sample;

namespace Commerce.Streaming.Verification.Tests;

public sealed class IdentityChecksTests
{
    private static readonly Pseudonymizer Pseudonyms = new(new byte[32]);

    [Fact]
    public void Profile_of_an_identifier_is_the_one_that_the_decision_record_describes() =>
        new ProfileLookup(new Dictionary<string, string>(), Pseudonyms).ProfileOf("a:device-1").ShouldBe("p_tobxyi7xm2x6lspcbk34md35zz");

    [Fact]
    public void Merges_that_tie_each_group_and_nothing_else_pass()
    {
        var checks = Run(("a:1", "u:s:1"), ("a:3", "u:s:2"));

        checks.ShouldAllBe(check => check.Passed);
    }

    [Fact]
    public void Missing_merge_is_one_profile_too_many_and_a_pair_apart()
    {
        var checks = Run(("a:3", "u:s:2"));

        checks[0].Actual.ShouldBe("4");
        checks[1].Differences.ShouldBe(["one/0 is 2 profiles"]);
    }

    [Fact]
    public void Two_people_in_one_profile_are_named()
    {
        var checks = Run(("a:1", "u:s:1"), ("a:3", "u:s:2"), ("u:s:2", "u:s:1"));

        checks[2].Passed.ShouldBeFalse();
        checks[2].Differences.Single().ShouldContain("one and two");
    }

    /// <summary>Person one: a customer with a device, and a device that nothing ties to it. Person two: a customer with a device.</summary>
    private static IReadOnlyList<Check> Run(params (string Loser, string Winner)[] merges)
    {
        var own = new ProfileLookup(new Dictionary<string, string>(), Pseudonyms);
        var merged = new Dictionary<string, string>();
        foreach (var (loser, winner) in merges)
        {
            foreach (var known in merged.Where(known => known.Value == own.ProfileOf(loser)).ToList())
                merged[known.Key] = own.ProfileOf(winner);
            merged[own.ProfileOf(loser)] = own.ProfileOf(winner);
        }
        var truth = SampleGenerator.Generate(new SampleOptions { People = 1, Households = 0 }).Truth with
        {
            People =
            [
                new TruePerson("one", "1", [["u:s:1", "a:1"], ["a:2"]]),
                new TruePerson("two", "2", [["u:s:2", "a:3"]]),
            ],
        };
        return IdentityChecks.Run(truth, new ProfileLookup(merged, Pseudonyms));
    }
}
