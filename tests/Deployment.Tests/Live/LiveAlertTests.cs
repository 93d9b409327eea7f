using System.Globalization;
using System.Text.RegularExpressions;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>Every alert of the rules, on the running platform of eng/verify-alerts: fires when the thing is broken, is over when it is mended.</summary>
public sealed partial class LiveAlertTests
{
    private const string WorkVariable = "COMMERCE_TEST_ALERTS";
    private const string OnlyVariable = "COMMERCE_TEST_ONLY_ALERT";

    /// <summary>Fire when something has waited for twenty days, or for one and a half: thresholds, no durations that can be divided. promtool proves them.</summary>
    private static readonly string[] NotLive = ["CommerceLettersExpire", "CommerceAuditOverdue"];

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);
    private const int AttemptsMax = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_alert_fires_when_the_thing_breaks_and_is_over_when_it_is_mended()
    {
        var work = Environment.GetEnvironmentVariable(WorkVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(work), $"{WorkVariable} is not set: eng/verify-alerts starts a platform and sets it");
        var only = Environment.GetEnvironmentVariable(OnlyVariable) is { Length: > 0 } alert ? alert : null;
        var toRing = Alerts().Where(each => only is null || each == only).ToList();
        toRing.ShouldNotBeEmpty($"{only} is no alert that can be rung");
        using var platform = new LivePlatform(work!);
        await using var traffic = new LiveTraffic(platform);
        await Task.Delay(WarmUp, Token);
        await QuietAsync(platform, toRing);

        var breakage = new Breakage(platform, only);
        var catalogue = new Breakages(platform, breakage);
        await Task.WhenAll(catalogue.WithoutRegistryAsync(), catalogue.OfServersAsync());
        await catalogue.OfRecordsAsync();
        var outcomes = (await breakage.OutcomesAsync()).OrderBy(outcome => outcome.Alert, StringComparer.Ordinal).ToList();

        await File.WriteAllTextAsync(Path.Combine(work!, "alerts.md"), Table(outcomes), Token);
        outcomes.Where(outcome => outcome.FiredAfter is null || outcome.OverAfter is null).ShouldBeEmpty();
        toRing.Except(outcomes.Select(outcome => outcome.Alert)).ShouldBeEmpty("alerts that nothing was broken for");
    }

    private static IEnumerable<string> Alerts() =>
        Alert().Matches(RepositoryFolder.Read("observability/prometheus/rules.yml")).Select(alert => alert.Groups["name"].Value).Except(NotLive);

    /// <summary>
    /// Starts Prometheus, and starts it anew without what it has seen until for a while nothing fires or is about to: what a cold start makes
    /// late is no alert's business, and would ring for as long as the longest window.
    /// </summary>
    private static async Task QuietAsync(LivePlatform platform, IReadOnlyCollection<string> toRing)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            await platform.RunAsync("prometheus.sh");
            await Task.Delay(Quiet, Token);
            // What nothing will be broken for may ring.
            var rings = (await platform.AlertsAsync()).Intersect(toRing).ToList();
            if (rings.Count == 0)
                return;
            Breakage.Say($"not quiet yet: {string.Join(", ", rings)}");
        }

        throw new ShouldAssertException("alerts ring although nothing is broken");
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
