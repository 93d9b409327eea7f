using Commerce.Streaming.Cli.Supervision.Probes;

namespace Commerce.Streaming.Cli.Tests.Supervision;

public sealed class HealthReportTests
{
    [Theory]
    [InlineData(
        """{"status":"unhealthy","checks":{"drain":{"status":"healthy"},"sink":{"status":"unhealthy","reason":"no group"},"loop":{"status":"unhealthy"}}}""",
        "sink: no group; loop")]
    [InlineData("bad\ngateway", "bad gateway")]
    [InlineData("""{"other":1}""", """{"other":1}""")]
    public void Failing_checks_are_named_with_their_reasons(string body, string expected) => HealthReport.Summarise(body).ShouldBe(expected);
}
