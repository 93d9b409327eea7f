namespace Commerce.Streaming.Deployment.Dashboards;

internal static class DashboardSet
{
    public static IReadOnlyList<Dashboard> All { get; } =
        [OverviewDashboard.Dashboard, ConsumersDashboard.Dashboard, BusinessDashboard.Dashboard, ServerDashboards.Redis, ServerDashboards.Postgres, .. ServiceDashboards.All];
}
