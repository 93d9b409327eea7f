namespace Commerce.Streaming.Cli.Tests;

internal static class CommandRunAssertions
{
    public static void ShouldSucceed(this CommandRun run) => run.ExitCode.ShouldBe(0, run.Error);
}
