namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>The shapes in which metrics are asked for. <c>@name</c> is replaced by the name in Prometheus.</summary>
internal static class Queries
{
    private const string Window = "$__rate_interval";

    /// <summary>Per second.</summary>
    public static Query Rate(string metric, string by = "", string where = "") =>
        new($"sum{By(by)} (rate(@{metric}{Where(where)}[{Window}]))", Legend(by));

    /// <summary>How many within the hour before.</summary>
    public static Query Hour(string metric, string by = "", string where = "") => new($"sum{By(by)} ({Grown(metric, where)})", Legend(by));

    /// <summary>
    /// By how much each series has grown within the hour. A counter is born with its first value, which <c>increase</c> does not see: the
    /// first dead letter would not show.
    /// </summary>
    public static string Grown(string counter, string where = "") =>
        $"increase(@{counter}{Where(where)}[1h]) + (min_over_time(@{counter}{Where(where)}[1h]) unless @{counter}{Where(where)} offset 1h) or increase(@{counter}{Where(where)}[1h])";

    public static Query Max(string metric, string by = "", string where = "") => new($"max{By(by)} (@{metric}{Where(where)})", Legend(by));

    public static Query Sum(string metric, string by = "", string where = "") => new($"sum{By(by)} (@{metric}{Where(where)})", Legend(by));

    /// <summary>Half and 99 % of a histogram.</summary>
    public static IReadOnlyList<Query> Quantiles(string histogram, string by = "", string where = "") =>
        [Quantile(0.5, "p50", histogram, by, where), Quantile(0.99, "p99", histogram, by, where)];

    private static Query Quantile(double share, string name, string histogram, string by, string where)
    {
        var labels = by.Length == 0 ? "le" : "le, " + by;
        return new(
            FormattableString.Invariant($"histogram_quantile({share}, sum by ({labels}) (rate(@{histogram}:bucket{Where(where)}[{Window}])))"),
            by.Length == 0 ? name : $"{name} {Legend(by)}");
    }

    private static string By(string labels) => labels.Length == 0 ? "" : $" by ({labels})";

    private static string Where(string matchers) => matchers.Length == 0 ? "" : "{" + matchers + "}";

    private static string Legend(string by) => string.Join(' ', by.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(label => "{{" + label + "}}"));
}
