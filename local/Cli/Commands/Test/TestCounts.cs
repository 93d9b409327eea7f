using System.Text.Json;

namespace Commerce.Streaming.Cli.Commands.Test;

/// <summary>Counts of one test project.</summary>
internal sealed record TestCounts(int Passed, int Failed, int Skipped, double Seconds, IReadOnlyList<string> SkipReasons)
{
    public static TestCounts None { get; } = new(0, 0, 0, 0, []);

    public static TestCounts operator +(TestCounts left, TestCounts right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped, left.Seconds + right.Seconds, []);

    /// <summary>
    /// From a CTRF report (https://ctrf.io). A project that ended badly without a failed test (a crash, an error outside of
    /// tests, no report at all) counts as one failure: silence must not pass.
    /// </summary>
    public static TestCounts Read(string? report, int exitCode, double seconds)
    {
        if (report is null)
            return new TestCounts(0, 1, 0, seconds, []);
        // Some reporters write a failure's control characters as they are, which is no JSON.
        using var document = JsonDocument.Parse(string.Concat(report.Select(each => char.IsControl(each) ? ' ' : each)));
        var results = document.RootElement.GetProperty("results");
        var summary = results.GetProperty("summary");
        var failed = summary.GetProperty("failed").GetInt32();
        return new TestCounts(
            summary.GetProperty("passed").GetInt32(),
            failed == 0 && exitCode != 0 ? 1 : failed,
            summary.GetProperty("skipped").GetInt32() + summary.GetProperty("pending").GetInt32(),
            seconds,
            [.. results.GetProperty("tests").EnumerateArray().Where(test => test.GetProperty("status").ValueEquals("skipped")).Select(Reason)]);
    }

    private static string Reason(JsonElement test) =>
        test.TryGetProperty("message", out var message) ? message.GetString() ?? "" : "no reason given";
}
