using static Commerce.Streaming.Deployment.Dashboards.Queries;

namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>The pipelines as consumers of Kafka: how far behind, how steady, how fast.</summary>
internal static class ConsumersDashboard
{
    private const string Topology = "commerce_topology";

    public static readonly Dashboard Dashboard = new(
        "consumers", "Commerce: Kafka consumers", "Lag in messages and seconds, rebalances, transactions, state.",
        new Row("Lag",
            new Panel("Messages behind, by pipeline", "short", "Records that are not committed; control records count, so a few are normal.", Sum("commerce.processing.lag.messages", Topology)),
            new Panel("Seconds behind, by pipeline", "s", "Now less the time of the last committed record, while some wait.", Max("commerce.processing.lag.seconds", Topology)),
            new Panel("Seconds behind, by partition", "s", "One partition alone: a hot key, or a stuck one.", Max("commerce.processing.lag.seconds", "messaging_destination_name, messaging_destination_partition_id")),
            new Panel("Messages behind, warehouse", "short", "Records in the log and not in the warehouse.", Sum("commerce.warehouse.sink.lag", "messaging_destination_name"))),
        LettersRow.Row,
        new Row("Work",
            new Panel("Records processed", "cps", "Repetitions after an abort included.", Rate("messaging.client.consumed.messages", "messaging_consumer_group_name")),
            new Panel("Time for one record", "s", "Decode and handle.", [.. Quantiles("messaging.process.duration", "messaging_consumer_group_name")]),
            new Panel("Dead letters", "short", "Within the last hour.", Hour("commerce.processing.dead_letters", "commerce_topology, commerce_reason"))),
        new Row("Transactions",
            new Panel("Commits", "cps", "Transactions per second.", Rate("commerce.processing.commits", Topology)),
            new Panel("Commit duration", "s", "From the last record of a batch to its commit.", [.. Quantiles("commerce.processing.commit.duration", Topology)]),
            new Panel("Aborts", "short", "Within the last hour: a pod that left, or a broker that did not answer.", Hour("commerce.processing.aborts", Topology))),
        new Row("State",
            new Panel("Restoring", "s", "Time to restore the state of assigned partitions.", [.. Quantiles("commerce.processing.restore.duration", Topology)]),
            new Panel("View behind its changelog", "short", "Changelog records that Redis lacks.", Max("commerce.processing.view.lag", "commerce_topology, commerce_view")),
            new Panel("Stale views", "short", "Partitions whose view is behind because Redis is away or has lost data.", Sum("commerce.processing.view.stale", Topology))));
}
