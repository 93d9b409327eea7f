using Commerce.Streaming.SampleShop;

namespace Commerce.Streaming.Verification.Sample;

/// <summary>Compares who is who with who they really are, pair by pair.</summary>
public static class IdentityChecks
{
    public static IReadOnlyList<Check> Run(SampleTruth truth, ProfileLookup lookup)
    {
        var score = Score(truth, lookup);
        return
        [
            Check.Equal("profiles", truth.People.Sum(person => person.Profiles.Count), score.Profiles),
            new Check(
                "identifiers of one person together", Numbers.Text(score.Tied), Numbers.Text(score.TiedFound),
                [.. score.Missing.Take(Check.DifferencesMax)], score.Tied - score.TiedFound),
            new Check(
                "identifiers of two people together", "0", Numbers.Text(score.Wrong),
                [.. score.Mixed.Take(Check.DifferencesMax)], score.Wrong),
        ];
    }

    /// <summary>Counts pairs of identifiers.</summary>
    public static IdentityScore Score(SampleTruth truth, ProfileLookup lookup)
    {
        var members = truth.People
            .SelectMany(person => person.Profiles.SelectMany((group, number) => group.Select(
                identifier => new Member(person.Person, $"{person.Person}/{number}", identifier, lookup.ProfileOf(identifier)))))
            .ToList();
        var tied = members.GroupBy(member => member.Group).ToList();
        var found = members.GroupBy(member => member.Profile).ToList();
        var together = found.Sum(profile => Pairs(profile.Count()));
        var right = found.Sum(profile => profile.GroupBy(member => member.Person).Sum(person => Pairs(person.Count())));
        return new IdentityScore
        {
            Profiles = found.Count,
            Tied = tied.Sum(group => Pairs(group.Count())),
            TiedFound = tied.Sum(group => group.GroupBy(member => member.Profile).Sum(profile => Pairs(profile.Count()))),
            OfOnePerson = members.GroupBy(member => member.Person).Sum(person => Pairs(person.Count())),
            Right = right,
            Wrong = together - right,
            Missing = [.. tied.Where(group => group.Select(member => member.Profile).Distinct().Count() > 1)
                .Select(group => $"{group.Key} is {group.Select(member => member.Profile).Distinct().Count()} profiles")],
            Mixed = [.. found.Where(profile => profile.Select(member => member.Person).Distinct().Count() > 1)
                .Select(profile => $"{profile.Key} holds {string.Join(" and ", profile.Select(member => member.Person).Distinct())}")],
        };
    }

    private static long Pairs(long count) => count * (count - 1) / 2;

    private sealed record Member(string Person, string Group, string Identifier, string Profile);
}

/// <summary>Pairs of identifiers.</summary>
public sealed record IdentityScore
{
    public required int Profiles { get; init; }

    /// <summary>Pairs that what was sent ties together.</summary>
    public required long Tied { get; init; }

    /// <summary>Of those, the pairs that share a profile.</summary>
    public required long TiedFound { get; init; }

    /// <summary>Pairs of one real person, those that nothing ties included.</summary>
    public required long OfOnePerson { get; init; }

    /// <summary>Pairs that share a profile and a person.</summary>
    public required long Right { get; init; }

    /// <summary>Pairs that share a profile but no person.</summary>
    public required long Wrong { get; init; }
    public required IReadOnlyList<string> Missing { get; init; }
    public required IReadOnlyList<string> Mixed { get; init; }

    public double Precision => Right + Wrong == 0 ? 1 : (double)Right / (Right + Wrong);

    /// <summary>Against real people: a device that is never signed in cannot be recognised, so it stays below 1.</summary>
    public double Recall => OfOnePerson == 0 ? 1 : (double)Right / OfOnePerson;
}
