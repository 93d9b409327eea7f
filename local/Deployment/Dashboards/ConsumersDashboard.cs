using static Commerce.Streaming.Deployment.Dashboards.Queries;

namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>The pipelines as consumers of Kafka: how far behind, how steady, how fast.</summary>
internal static class ConsumersDashboard
{
    private const string Topology = "commerce_topology";
    private const string Partition = "messaging_destination_name, messaging_destination_partition_id";
    private const string PipelinePartition = Topology + ", " + Partition;

    public static readonly Dashboard Dashboard = new(
        "consumers", "Commerce: Kafka consumers", "Lag in messages and seconds, rebalances, transactions, state.",
        new Row("In one look",
            new Panel("Pipelines that process", "short", "Out of those that report.", new Query("sum(max by (commerce_topology) (@commerce.processing.ready))", "process"), new Query("count(count by (commerce_topology) (@commerce.processing.ready))", "report")) { IsNumber = true },
            new Panel("Seconds behind", "s", "The slowest partition of all, the warehouse included.", new Query("max(@commerce.processing.lag.seconds or @commerce.warehouse.sink.lag.seconds)")) { IsNumber = true, Limit = 60 },
            new Panel("Partitions being restored", "short", "Their records wait until the state is complete.", Sum("commerce.processing.restoring")) { IsNumber = true, Limit = 1 }),
        new Row("Lag",
            new Panel("Messages behind, by pipeline", "short", "Records that are not committed.", Sum("commerce.processing.lag.messages", Topology)),
            new Panel("Seconds behind, by pipeline", "s", "While records wait: now less the time of the last committed one.", Max("commerce.processing.lag.seconds", Topology)),
            new Panel("Messages behind, warehouse", "short", "Records in the log and not in the warehouse, by topic.", Sum("commerce.warehouse.sink.lag", "messaging_destination_name"))),
        new Row("Lag by partition",
            new Panel("Messages behind, by partition", "short", "The twelve with most. One alone: a hot key, or a stuck one.", Top("commerce.processing.lag.messages", PipelinePartition)),
            new Panel("Seconds behind, by partition", "s", "The twelve slowest.", Top("commerce.processing.lag.seconds", PipelinePartition)),
            new Panel("Seconds behind, warehouse, by partition", "s", "The twelve slowest.", Top("commerce.warehouse.sink.lag.seconds", Partition))),
        LettersRow.Row,
        new Row("Work",
            new Panel("Records processed", "cps", "Repetitions after an abort included.", Rate("messaging.client.consumed.messages", "messaging_consumer_group_name")),
            new Panel("Time for one record", "s", "Decode and handle.", [.. Quantiles("messaging.process.duration", "messaging_consumer_group_name")]),
            new Panel("Dead letters, by reason", "short", "Within the last hour, the warehouse's as well.", Hour("commerce.processing.dead_letters", "commerce_topology, commerce_reason"), Hour("commerce.warehouse.sink.dead_letters", "reason") with { Legend = "warehouse.sink {{reason}}" })),
        new Row("Transactions",
            new Panel("Commits", "cps", "Transactions per second.", Rate("commerce.processing.commits", Topology)),
            new Panel("Commit duration", "s", "From the last record of a batch to its commit.", [.. Quantiles("commerce.processing.commit.duration", Topology)]),
            new Panel("Aborts, by cause", "short", "Within the last hour. rebalance: a pod came or left; timeout, broker: the broker did not answer or refused; fenced: two processes under one name, or the broker gave ours up; poison: a record, which is a dead letter soon.", Hour("commerce.processing.aborts", "commerce_topology, commerce_reason"))),
        new Row("Group and state",
            new Panel("Rebalances, by kind", "short", "Within the last hour. lost: this member was away for too long.", Hour("commerce.processing.rebalances", "commerce_topology, commerce_reason")),
            new Panel("Runs begun anew, by reason", "short", "Within the last hour: clients built anew after a failure.", Hour("commerce.processing.rebuilds", "commerce_topology, commerce_reason")),
            new Panel("Partitions being restored, by pipeline", "short", "Large state, or a slow broker.", Sum("commerce.processing.restoring", Topology)),
            new Panel("Time to restore", "s", "Mean over the life of the processes, of the state of newly assigned partitions.", new Query(
                "sum by (commerce_topology) (@commerce.processing.restore.duration:sum) / sum by (commerce_topology) (@commerce.processing.restore.duration:count)", "{{commerce_topology}}")),
            new Panel("Changelog records restored", "short", "Within the last hour.", Hour("commerce.processing.restore.records", Topology)),
            new Panel("View behind its changelog", "short", "Changelog records that Redis lacks.", Max("commerce.processing.view.lag", "commerce_topology, commerce_view"))));

    private static Query Top(string gauge, string by) => new($"topk(12, max by ({by}) (@{gauge}))", Max(gauge, by).Legend);
}
