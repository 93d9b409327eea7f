using System.Globalization;
using System.Text.RegularExpressions;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>Every alert of the rules, on the running platform of eng/verify-alerts: fires when the thing is broken, is over when it is mended.</summary>
public sealed partial class LiveAlertTests
{
    private const string WorkVariable = "COMMERCE_TEST_ALERTS";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_alert_fires_when_the_thing_breaks_and_is_over_when_it_is_mended()
    {
        var work = Environment.GetEnvironmentVariable(WorkVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(work), $"{WorkVariable} is not set: eng/verify-alerts starts a platform and sets it");
        using var platform = new LivePlatform(work!);
        await using var traffic = new LiveTraffic(platform);
        await Task.Delay(WarmUp, Token);
        await platform.RunAsync("prometheus.sh");
        await QuietAsync(platform);

        var breakage = new Breakage(platform);
        var catalogue = new Breakages(platform, breakage);
        await Task.WhenAll(catalogue.WithoutRegistryAsync(), catalogue.OfServersAsync());
        await catalogue.OfRecordsAsync();
        var outcomes = (await breakage.OutcomesAsync()).OrderBy(outcome => outcome.Alert, StringComparer.Ordinal).ToList();

        await File.WriteAllTextAsync(Path.Combine(work!, "alerts.md"), Table(outcomes), Token);
        outcomes.Where(outcome => outcome.FiredAfter is null || outcome.OverAfter is null).ShouldBeEmpty();
        Alert().Matches(RepositoryFolder.Read("observability/prometheus/rules.yml")).Select(alert => alert.Groups["name"].Value)
            .Except(outcomes.Select(outcome => outcome.Alert)).ShouldBeEmpty("alerts that nothing was broken for");
    }

    /// <summary>Nothing is broken yet: for a while nothing fires.</summary>
    private static async Task QuietAsync(LivePlatform platform)
    {
        var atMost = TimeSpan.FromMinutes(5);
        for (var waited = TimeSpan.Zero; waited < atMost; waited += Quiet)
        {
            var seen = await platform.UntilAnyAsync(Quiet);
            if (seen.Count == 0)
                return;
            Breakage.Say($"not quiet yet: {string.Join(", ", seen)}");
            await Task.Delay(Quiet, Token);
        }

        throw new ShouldAssertException("alerts fire although nothing is broken");
    }

    private static string Table(IEnumerable<AlertOutcome> outcomes) => string.Join('\n',
    [
        "| alert | what was broken | fired after | over after | said |",
        "| --- | --- | --- | --- | --- |",
        .. outcomes.Select(outcome => $"| {outcome.Alert} | {outcome.Broken} | {Seconds(outcome.FiredAfter)} | {Seconds(outcome.OverAfter)} | {outcome.Said} |"),
        "",
    ]);

    private static string Seconds(TimeSpan? time) => time is { } known ? known.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s" : "never";

    [GeneratedRegex(@"alert: (?<name>\S+)")]
    private static partial Regex Alert();
}
