namespace Commerce.Streaming.Deployment.Dashboards;

internal static class DashboardSet
{
    public static IReadOnlyList<Dashboard> All { get; } =
        [OverviewDashboard.Dashboard, ConsumersDashboard.Dashboard, BusinessDashboard.Dashboard, .. ServiceDashboards.All];
}
