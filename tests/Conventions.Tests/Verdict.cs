namespace Commerce.Streaming.Conventions.Tests;

/// <summary>How rules are asserted: the whole list of what breaks them, and what to do about it.</summary>
internal static class Verdict
{
    public static void ShouldHold(this IEnumerable<string> violations, string remedy)
    {
        var found = violations.ToArray();
        if (found.Length > 0)
            Assert.Fail($"{found.Length} found. {remedy}\n  {string.Join("\n  ", found)}");
    }

    /// <summary>The rule sees the planted fault, names it, and sees nothing else.</summary>
    public static void ShouldFind(this IEnumerable<string> violations, params string[] named)
    {
        var found = violations.ToArray();
        found.Length.ShouldBe(named.Length, string.Join("\n", found));
        foreach (var (violation, name) in found.Zip(named))
            violation.ShouldContain(name);
    }
}
