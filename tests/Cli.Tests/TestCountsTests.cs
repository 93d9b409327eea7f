using Commerce.Streaming.Cli.Commands.Test;

namespace Commerce.Streaming.Cli.Tests;

public sealed class TestCountsTests
{
    private const string Report =
        """{"results":{"summary":{"passed":5,"failed":0,"skipped":1,"pending":0},"tests":[{"status":"passed"},{"status":"skipped","message":"no Kafka"}]}}""";

    [Fact]
    public void Counts_come_from_the_report()
    {
        var result = TestCounts.Read(Report, exitCode: 0, seconds: 1);
        (result.Passed, result.Failed, result.Skipped).ShouldBe((5, 0, 1));
        result.SkipReasons.ShouldBe(["no Kafka"]);
    }

    [Fact]
    public void Control_characters_in_a_message_do_not_spoil_the_report() =>
        TestCounts.Read(Report.Replace("no Kafka", "no\0 Kafka", StringComparison.Ordinal), exitCode: 0, seconds: 1).Passed.ShouldBe(5);

    [Fact]
    public void Bad_end_without_a_failed_test_is_a_failure() => TestCounts.Read(Report, exitCode: 1, seconds: 1).Failed.ShouldBe(1);

    [Fact]
    public void Missing_report_is_a_failure() => TestCounts.Read(null, exitCode: 0, seconds: 1).Failed.ShouldBe(1);
}
