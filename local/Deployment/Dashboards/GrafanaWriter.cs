using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Streaming.Deployment.Metrics;

namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>Writes dashboards as Grafana (11 and newer) imports them.</summary>
internal sealed class GrafanaWriter(MetricCatalogue metrics)
{
    private const int Columns = 24;
    private const int PanelsAbreast = 3;
    private const int CurveHeight = 8;
    private const int NumberHeight = 4;
    private const int SchemaVersion = 39;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Write(Dashboard dashboard) => new JsonObject
    {
        ["uid"] = "commerce-" + dashboard.Id,
        ["title"] = dashboard.Title,
        ["description"] = dashboard.Description,
        ["tags"] = new JsonArray("commerce-streaming"),
        ["schemaVersion"] = SchemaVersion,
        ["editable"] = true,
        ["refresh"] = "30s",
        ["time"] = new JsonObject { ["from"] = "now-1h", ["to"] = "now" },
        ["templating"] = new JsonObject { ["list"] = new JsonArray([.. Sources(dashboard)]) },
        ["links"] = new JsonArray(new JsonObject
        {
            ["type"] = "dashboards", ["tags"] = new JsonArray("commerce-streaming"), ["title"] = "Commerce.Streaming", ["asDropdown"] = true, ["keepTime"] = true,
        }),
        ["panels"] = new JsonArray([.. Panels(dashboard)]),
    }.ToJsonString(Format) + "\n";

    private IEnumerable<JsonNode> Panels(Dashboard dashboard)
    {
        var (id, y) = (1, 0);
        foreach (var row in dashboard.Rows)
        {
            yield return new JsonObject { ["id"] = id++, ["type"] = "row", ["title"] = row.Title, ["collapsed"] = false, ["gridPos"] = Position(0, y++, Columns, 1), ["panels"] = new JsonArray() };
            foreach (var line in row.Panels.Chunk(PanelsAbreast))
            {
                var width = Columns / line.Length;
                var height = line.All(panel => panel.IsNumber) ? NumberHeight : CurveHeight;
                foreach (var (index, panel) in line.Index())
                    yield return Write(panel, id++, Position(index * width, y, width, height));
                y += height;
            }
        }
    }

    private JsonObject Write(Panel panel, int id, JsonObject position) => new()
    {
        ["id"] = id,
        ["type"] = panel.IsSql ? "table" : panel.IsNumber ? "stat" : "timeseries",
        ["title"] = panel.Title,
        ["description"] = panel.Description,
        ["gridPos"] = position,
        ["datasource"] = DataSource(panel),
        ["fieldConfig"] = new JsonObject { ["defaults"] = Defaults(panel), ["overrides"] = new JsonArray() },
        ["options"] = panel.IsNumber || panel.IsSql ? new JsonObject() : new JsonObject
        {
            ["legend"] = new JsonObject { ["displayMode"] = "list", ["placement"] = "bottom", ["showLegend"] = true },
            ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" },
        },
        ["targets"] = new JsonArray([.. panel.Queries.Index().Select(query => Target(panel, query.Item, query.Index))]),
    };

    private JsonObject Target(Panel panel, Query query, int index) => panel.IsSql
        ? new JsonObject { ["refId"] = RefId(index), ["datasource"] = DataSource(panel), ["format"] = "table", ["rawQuery"] = true, ["editorMode"] = "code", ["rawSql"] = query.Expression }
        : new JsonObject { ["refId"] = RefId(index), ["datasource"] = DataSource(panel), ["expr"] = metrics.Expand(query.Expression), ["legendFormat"] = query.Legend.Length > 0 || panel.Queries.Count > 1 ? query.Legend : panel.Title, ["editorMode"] = "code", ["range"] = true };

    private static JsonObject Defaults(Panel panel)
    {
        var defaults = new JsonObject { ["unit"] = panel.Unit };
        if (panel.Limit is { } limit)
        {
            defaults["thresholds"] = new JsonObject
            {
                ["mode"] = "absolute",
                ["steps"] = new JsonArray(new JsonObject { ["color"] = "green", ["value"] = null }, new JsonObject { ["color"] = "red", ["value"] = limit }),
            };
        }
        return defaults;
    }

    private static IEnumerable<JsonObject> Sources(Dashboard dashboard)
    {
        yield return Source("metrics", "prometheus");
        if (dashboard.Rows.SelectMany(row => row.Panels).Any(panel => panel.IsSql))
            yield return Source("warehouse", "grafana-postgresql-datasource");
    }

    private static JsonObject Source(string name, string type) => new() { ["name"] = name, ["type"] = "datasource", ["query"] = type, ["hide"] = 0 };

    private static JsonObject DataSource(Panel panel) => panel.IsSql
        ? new JsonObject { ["type"] = "grafana-postgresql-datasource", ["uid"] = "${warehouse}" }
        : new JsonObject { ["type"] = "prometheus", ["uid"] = "${metrics}" };

    private static JsonObject Position(int x, int y, int width, int height) => new() { ["x"] = x, ["y"] = y, ["w"] = width, ["h"] = height };

    private static string RefId(int index) => ((char)('A' + index)).ToString();
}
