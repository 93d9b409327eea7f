using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalPostgres;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Test;

/// <summary>
/// Runs every test project, one after the other: each may use all cores. The build has happened before (the `commerce` script).
/// The last line of standard output is the sum.
/// </summary>
internal sealed class TestCommand : AsyncCommand<TestOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, TestOptions options, CancellationToken cancellationToken)
    {
        var projects = TestProject.FindAll(PlatformPaths.Root, options.Name);
        if (projects.Count == 0)
            throw CliException.Usage($"No test project has '{options.Name}' in its name.");
        await ObtainPostgresAsync(cancellationToken);
        var sum = TestCounts.None;
        var reasons = new List<string>();
        foreach (var project in projects)
        {
            var result = await project.RunAsync(cancellationToken);
            Console.Out.WriteLine($"{project.Name}: {result.Passed} passed, {result.Failed} failed, {result.Skipped} skipped in {result.Seconds:0.0} s");
            reasons.AddRange(result.SkipReasons);
            sum += result;
        }
        foreach (var reason in reasons.CountBy(reason => reason).OrderByDescending(group => group.Value))
            Console.Out.WriteLine($"skipped {reason.Value}: {reason.Key}");
        Console.Out.WriteLine($"{sum.Passed} passed, {sum.Failed} failed, {sum.Skipped} skipped");
        return sum.Failed == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    /// <summary>Tests of the warehouse and of whole services run on a real PostgreSQL, and would all fail one by one.</summary>
    private static async Task ObtainPostgresAsync(CancellationToken cancellation)
    {
        try
        {
            await PostgresInstaller.ObtainAsync("", line => Console.Error.WriteLine(line), cancellation);
        }
        catch (LocalPostgresException e)
        {
            throw new CliException(e.Message);
        }
    }
}
