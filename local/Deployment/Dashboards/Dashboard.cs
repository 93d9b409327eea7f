namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>A line of a panel. <paramref name="Legend"/> is Grafana's: <c>{{source}}</c>.</summary>
internal sealed record Query(string Expression, string Legend = "");

/// <param name="Unit">Grafana's unit id: <c>short</c>, <c>s</c>, <c>bytes</c>, <c>percentunit</c>, <c>cps</c>.</param>
/// <param name="Description">What it means and what is good, in a sentence.</param>
internal sealed record Panel(string Title, string Unit, string Description, params IReadOnlyList<Query> Queries)
{
    /// <summary>One number instead of a curve.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Above it a number turns red.</summary>
    public double? Limit { get; init; }

    /// <summary>A table from the warehouse instead of curves: the query is SQL.</summary>
    public bool IsSql { get; init; }
}

internal sealed record Row(string Title, params IReadOnlyList<Panel> Panels);

/// <param name="Id">File name and Grafana uid; it must never change, or links break.</param>
internal sealed record Dashboard(string Id, string Title, string Description, params IReadOnlyList<Row> Rows);
