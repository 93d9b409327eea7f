namespace Commerce.Streaming.Verification;

/// <summary>One line of a verification: what should be, what is, and where they differ.</summary>
/// <param name="Subject">What was compared, in the words of a shop.</param>
/// <param name="Expected">The value that must be.</param>
/// <param name="Actual">The value found.</param>
/// <param name="Differences">Single cases that differ, the first few; empty when all agree.</param>
/// <param name="DifferenceCount">How many cases differ.</param>
public sealed record Check(string Subject, string Expected, string Actual, IReadOnlyList<string> Differences, long DifferenceCount)
{
    /// <summary>Most single differences kept.</summary>
    public const int DifferencesMax = 5;

    public bool Passed => DifferenceCount == 0;

    /// <summary>Two numbers that must be equal.</summary>
    public static Check Equal(string subject, decimal expected, decimal actual) =>
        new(subject, Numbers.Text(expected), Numbers.Text(actual), [], expected == actual ? 0 : 1);

    /// <summary>A query for violations that must find none.</summary>
    /// <param name="cases">How many cases were looked at.</param>
    public static Check None(string subject, long cases, long violations, IEnumerable<string> first) => new(
        subject,
        $"{Numbers.Text(cases)} agree",
        violations == 0 ? $"{Numbers.Text(cases)} agree" : $"{Numbers.Text(violations)} differ",
        [.. first.Take(DifferencesMax)],
        violations);

    /// <summary>Two maps of amounts that must hold the same keys and values.</summary>
    public static Check Same<TKey>(string subject, IReadOnlyDictionary<TKey, decimal> expected, IReadOnlyDictionary<TKey, decimal> actual)
        where TKey : notnull
    {
        var differences = new List<string>();
        var count = 0L;
        foreach (var key in expected.Keys.Union(actual.Keys).Order())
        {
            var (want, have) = (Find(expected, key), Find(actual, key));
            if (want == have)
                continue;
            count++;
            if (differences.Count < DifferencesMax)
                differences.Add($"{key}: expected {Numbers.Text(want)}, found {Numbers.Text(have)}");
        }
        var found = $"{Numbers.Text(actual.Count)}, {(count == 0 ? "none" : Numbers.Text(count))} differ{(count is 0 or 1 ? "s" : "")}";
        return new Check(subject, Numbers.Text(expected.Count), found, differences, count);
    }

    private static decimal? Find<TKey>(IReadOnlyDictionary<TKey, decimal> map, TKey key)
        where TKey : notnull => map.TryGetValue(key, out var value) ? value : null;
}
