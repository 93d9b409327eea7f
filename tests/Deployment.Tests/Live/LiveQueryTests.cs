using System.Text.Json;
using Npgsql;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>
/// Every query of every panel and rule, asked of a Prometheus that has seen a run: eng/verify-observability makes one and sets the
/// variables.
/// </summary>
public sealed class LiveQueryTests
{
    private const string PrometheusVariable = "COMMERCE_TEST_PROMETHEUS_URL";
    private const string WarehouseVariable = "COMMERCE_TEST_WAREHOUSE_URL";

    /// <summary>Series that exist only once something has gone wrong, or has gone on, that a run does not bring about.</summary>
    private static readonly string[] OnlyWhenBroken =
    [
        // Speaks of an hour that was seen from its beginning: a run is shorter than that. promtool and eng/verify-alerts prove it.
        "commerce:unaccounted_events:increase1h",
        "commerce_processing_aborts_total", "commerce_warehouse_sink_retries_total", "commerce_warehouse_sink_fenced_total", "kubelet_volume_stats",
        "http_response_status_code=~\"5..\"}", "reason=\"constraint\"", "commerce_processing_rebuilds_total", "commerce_processing_parked_keys",
        "commerce_warehouse_sink_stalls_total",
    ];

    [Fact]
    public async Task Every_panel_and_rule_answers_with_data()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Variable(PrometheusVariable)) };
        var silent = new List<string>();
        var asked = 0;
        foreach (var (place, query) in PanelQueries("expr").Concat(RuleTests.Selectors().Select(selector => ("rules", selector))))
        {
            if (OnlyWhenBroken.Any(query.Contains))
                continue;
            asked++;
            var answer = await http.GetStringAsync("api/v1/query?query=" + Uri.EscapeDataString(query.Replace("$__rate_interval", "5m", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
            using var json = JsonDocument.Parse(answer);
            if (json.RootElement.GetProperty("data").GetProperty("result").GetArrayLength() == 0)
                silent.Add($"{place}: {query}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{asked} queries asked");
        silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_table_of_a_dashboard_answers_with_rows()
    {
        var url = new Uri(Variable(WarehouseVariable));
        var credentials = url.UserInfo.Split(':');
        await using var warehouse = NpgsqlDataSource.Create(
            $"Host={url.Host};Port={url.Port};Database={url.AbsolutePath.Trim('/')};Username={credentials[0]};Password={Uri.UnescapeDataString(credentials[1])};GSS Encryption Mode=Disable");
        foreach (var (place, sql) in PanelQueries("rawSql"))
        {
            await using var command = warehouse.CreateCommand(sql);
            await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            (await rows.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue($"{place}: {sql}");
        }
    }

    private static IEnumerable<(string Place, string Query)> PanelQueries(string property)
    {
        foreach (var file in RepositoryFolder.Generated.MonitoringFiles.Where(file => file.Path.StartsWith("observability/grafana/", StringComparison.Ordinal)))
        {
            using var json = JsonDocument.Parse(file.Content);
            foreach (var panel in json.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.TryGetProperty("targets", out _)))
            {
                foreach (var target in panel.GetProperty("targets").EnumerateArray())
                {
                    if (target.TryGetProperty(property, out var query))
                        yield return ($"{Path.GetFileNameWithoutExtension(file.Path)} / {panel.GetProperty("title").GetString()}", query.GetString()!);
                }
            }
        }
    }

    private static string Variable(string name)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            return value;
        Assert.Skip($"{name} is not set: eng/verify-observability makes a run and sets it");
        return "";
    }
}
