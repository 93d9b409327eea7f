using System.Diagnostics;
using System.Text.RegularExpressions;
using Commerce.Streaming.Deployment.Dashboards;

namespace Commerce.Streaming.Deployment.Tests;

public sealed partial class RuleTests
{
    private const string Rules = "observability/prometheus/rules.yml";

    [Fact]
    public void Rules_use_known_series_only()
    {
        var known = RepositoryFolder.Generated.Metrics.Metrics.SelectMany(metric => metric.SeriesNames)
            .Concat(Record().Matches(RepositoryFolder.Read(Rules)).Select(match => match.Groups["name"].Value)).ToHashSet();

        Expressions().SelectMany(SeriesOf).Distinct().Where(series => !known.Contains(series)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sum by (job) (rate(commerce_x_total{a=\"commerce_y\"}[5m])) > 14.4 * 0.01", "commerce_x_total")]
    [InlineData("commerce:errors:ratio_rate1h > 0.1 and on (commerce_topology) commerce_z", "commerce:errors:ratio_rate1h commerce_z")]
    public void Series_of_an_expression_are_found(string expression, string series) => SeriesOf(expression).ShouldBe(series.Split(' '));

    [Fact]
    public void Every_alert_has_a_severity_and_a_page_that_says_what_to_do()
    {
        var text = RepositoryFolder.Read(Rules);
        var alerts = text.Split("- alert: ").Skip(1).Select(part => part.Split("\n      - ")[0]).ToList();
        alerts.Count.ShouldBeGreaterThan(10);
        foreach (var alert in alerts)
        {
            var name = alert.Split('\n')[0].Trim();
            alert.ShouldMatch("severity: (page|ticket)", name);
            alert.ShouldContain($"runbook_url: docs/runbooks/{name}.md", customMessage: name);
            RepositoryFolder.Exists($"docs/runbooks/{name}.md").ShouldBeTrue($"docs/runbooks/{name}.md");
        }
        Directory.GetFiles(Path.Combine(RepositoryFolder.Root, "docs/runbooks"), "Commerce*.md").Length.ShouldBe(alerts.Count);
    }

    /// <summary>Who is woken looks at the dashboard: it must show what rang, and in red.</summary>
    [Fact]
    public void The_overview_is_red_where_conservation_rings() =>
        OverviewDashboard.Dashboard.Rows.SelectMany(row => row.Panels).Single(panel => panel.Title == "Unaccounted, hour")
            .ShouldSatisfyAllConditions(panel => RepositoryFolder.Read(Rules).ShouldContain($"expr: {panel.Queries.Single().Expression} > {panel.Limit} "));

    [Fact]
    public async Task An_alerts_page_can_be_a_link()
    {
        var path = PagesOf(await RenderedChart.ProductionAsync());
        path.Count.ShouldBeGreaterThan(10);
        path.ShouldAllBe(page => RepositoryFolder.Exists(page));
        foreach (var folder in new[] { "https://git.example.com/acme/runbooks", "https://git.example.com/acme/runbooks/" })
            PagesOf(await RenderedChart.ProductionAsync("--set", $"monitoring.rules.runbookBase={folder}"))
                .ShouldBe(path.Select(page => "https://git.example.com/acme/runbooks/" + Path.GetFileName(page)));
        (await RenderedChart.RefusalAsync("--set", "trial.enabled=true", "--set", "monitoring.rules.runbookBase=docs")).ShouldContain("runbookBase");
    }

    [Fact]
    public void A_service_that_falls_silent_rings_whichever_it_is()
    {
        var alert = RepositoryFolder.Read(Rules).Split("- alert: CommerceServiceSilent")[1];
        Silent().Matches(alert).Select(match => match.Groups["name"].Value).Order().ShouldBe(RepositoryFolder.Services().Order());
    }

    [Fact]
    public void Every_alert_says_what_with_its_value()
    {
        foreach (var alert in RepositoryFolder.Read(Rules).Split("- alert: ").Skip(1))
        {
            alert.ShouldMatch("""\n          summary: \S""");
            alert.ShouldMatch("""\n          description: ".*\$value""", alert.Split('\n')[0]);
        }
    }

    [Theory]
    [InlineData("What it says", "What it means", "## Look", "## Do")]
    public void Every_page_says_what_it_means_what_to_look_at_and_what_to_do(params string[] parts)
    {
        foreach (var page in Directory.GetFiles(Path.Combine(RepositoryFolder.Root, "docs/runbooks"), "Commerce*.md"))
            parts.ShouldAllBe(part => File.ReadAllText(page).Contains(part), page);
    }

    [Fact]
    public async Task Promtool_proves_that_each_alert_fires_when_it_should()
    {
        var folder = Path.Combine(RepositoryFolder.Root, "observability/prometheus");
        Process promtool;
        try
        {
            promtool = Process.Start(new ProcessStartInfo("promtool", ["test", "rules", "rules.test.yml"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("promtool is not installed (Debian: apt-get install prometheus)");
            return;
        }
        using (promtool)
        {
            var said = promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);
            promtool.ExitCode.ShouldBe(0, await said + errors);
        }
    }

    [Fact]
    public void Each_alert_is_tested()
    {
        var tests = RepositoryFolder.Read("observability/prometheus/rules.test.yml");
        foreach (Match alert in Alert().Matches(RepositoryFolder.Read(Rules)))
            tests.ShouldMatch($"(alertname: |alertname=\"){alert.Groups["name"].Value}\\b");
    }

    private static List<string> PagesOf(RenderedChart chart) => [.. chart.OfKind("PrometheusRule")
        .SelectMany(rule => RenderedChart.List(rule, "spec", "groups")).SelectMany(group => RenderedChart.List(group, "rules"))
        .Where(rule => RenderedChart.At(rule, "alert") is not null).Select(rule => RenderedChart.Text(rule, "annotations", "runbook_url"))];

    internal static IEnumerable<string> Expressions() => Expression().Matches(RepositoryFolder.Read(Rules)).Select(match => match.Groups["expression"].Value);

    /// <summary>Every series that a rule looks at, with its matchers: what an alert compares exists, whether it fires or not.</summary>
    internal static IEnumerable<string> Selectors() => Expressions()
        .SelectMany(expression => Selector().Matches(expression).Select(match => match.Value))
        .Where(selector => SeriesOf(selector).Any() && !Functions.Contains(selector)).Distinct();

    /// <summary>Names that stand where a series stands: not functions, keywords, labels or strings.</summary>
    private static IEnumerable<string> SeriesOf(string expression)
    {
        var bare = Aside().Replace(expression, " ");
        return Name().Matches(bare).Select(match => match.Value).Where(name => name.Contains('_') || name.Contains(':')).Where(name => !Functions.Contains(name));
    }

    private static readonly string[] Functions = ["histogram_quantile", "predict_linear", "min_over_time", "max_over_time", "last_over_time"];

    [GeneratedRegex(@"^\s+expr: (?<expression>.+)$", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"record: (?<name>\S+)")]
    private static partial Regex Record();

    [GeneratedRegex("""absent\(target_info\{job="commerce/(?<name>[a-z-]+)"\}\)""")]
    private static partial Regex Silent();

    [GeneratedRegex(@"alert: (?<name>\S+)")]
    private static partial Regex Alert();

    [GeneratedRegex("""\{[^}]*\}|\[[^\]]*\]|\b(by|on|without|ignoring)\s*\([^)]*\)""")]
    private static partial Regex Aside();

    [GeneratedRegex("""\b(commerce_(?!topology|reason)|commerce:|http_server|kubelet_|target_|dotnet_|messaging_(process|client))[\w:]*(\{[^}]*\})?""")]
    private static partial Regex Selector();

    [GeneratedRegex("[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();
}
