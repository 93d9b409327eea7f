using System.Text.Json;
using System.Text.RegularExpressions;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>What Grafana asks of a dashboard, as far as it can be checked without one.</summary>
public sealed partial class DashboardTests
{
    private const int Columns = 24;

    /// <summary>Of Grafana's list of units (packages/grafana-data, valueFormats), those that we use.</summary>
    private static readonly string[] Units = ["short", "s", "bytes", "Bps", "percentunit", "cps", "ops", "rps", "wps"];

    public static TheoryData<string> Files => [.. RepositoryFolder.Generated.MonitoringFiles.Select(file => file.Path)
        .Where(path => path.StartsWith("observability/grafana/dashboards/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_dashboard_is_what_grafana_imports(string path)
    {
        using var json = JsonDocument.Parse(RepositoryFolder.Read(path));
        var dashboard = json.RootElement;
        dashboard.GetProperty("uid").GetString()!.Length.ShouldBeInRange(1, 40);
        dashboard.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        dashboard.GetProperty("schemaVersion").GetInt32().ShouldBeGreaterThanOrEqualTo(39);
        var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();
        panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        panels.Where(panel => TypeOf(panel) != "row").Select(panel => panel.GetProperty("title").GetString()).ShouldBeUnique();
        var sources = dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().ToDictionary(
            source => "${" + source.GetProperty("name").GetString() + "}", source => source.GetProperty("query").GetString()!);
        foreach (var panel in panels.Where(panel => TypeOf(panel) != "row"))
            Check(panel, sources);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_lie_beside_each_other(string path)
    {
        using var json = JsonDocument.Parse(RepositoryFolder.Read(path));
        var taken = new Dictionary<(int X, int Y), string>();
        foreach (var panel in json.RootElement.GetProperty("panels").EnumerateArray())
        {
            var (title, position) = (panel.GetProperty("title").GetString()!, panel.GetProperty("gridPos"));
            var (x, y, w, h) = (position.GetProperty("x").GetInt32(), position.GetProperty("y").GetInt32(), position.GetProperty("w").GetInt32(), position.GetProperty("h").GetInt32());
            (x + w).ShouldBeLessThanOrEqualTo(Columns, title);
            foreach (var cell in from dx in Enumerable.Range(x, w) from dy in Enumerable.Range(y, h) select (dx, dy))
                taken.TryAdd(cell, title).ShouldBeTrue($"{title} lies on {taken[cell]}");
        }
    }

    [Fact]
    public void Dashboards_have_names_of_their_own() => Files.Select(file => JsonDocument.Parse(RepositoryFolder.Read(file.Data)).RootElement)
        .Select(dashboard => (dashboard.GetProperty("uid").GetString(), dashboard.GetProperty("title").GetString())).ShouldBeUnique();

    private static void Check(JsonElement panel, Dictionary<string, string> sources)
    {
        var title = panel.GetProperty("title").GetString()!;
        TypeOf(panel).ShouldBeOneOf("timeseries", "stat", "table");
        panel.GetProperty("description").GetString().ShouldNotBeNullOrEmpty(title);
        Units.ShouldContain(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString(), title);
        var targets = panel.GetProperty("targets").EnumerateArray().ToList();
        targets.ShouldNotBeEmpty(title);
        targets.Select(target => target.GetProperty("refId").GetString()).ShouldBeUnique(title);
        foreach (var target in targets)
        {
            var source = target.GetProperty("datasource");
            sources.ShouldContainKeyAndValue(source.GetProperty("uid").GetString()!, source.GetProperty("type").GetString()!, title);
            if (target.TryGetProperty("expr", out var expression))
                CheckLegend(title, expression.GetString()!, target.GetProperty("legendFormat").GetString()!, targets.Count, TypeOf(panel));
        }
    }

    /// <summary>A legend names only labels that the query keeps; several lines are told apart.</summary>
    private static void CheckLegend(string title, string expression, string legend, int queries, string type)
    {
        foreach (var label in Label().Matches(legend).Select(match => match.Groups["label"].Value))
            expression.ShouldMatch($@"\bby \([^)]*\b{label}\b", $"{title}: {legend}");
        if (queries > 1 || type == "timeseries")
            legend.ShouldNotBeNullOrEmpty($"{title}: {expression}");
        expression.ShouldNotContain("@", customMessage: title);
    }

    private static string TypeOf(JsonElement panel) => panel.GetProperty("type").GetString()!;

    [GeneratedRegex(@"\{\{(?<label>\w+)\}\}")]
    private static partial Regex Label();
}
