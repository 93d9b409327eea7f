using static Commerce.Streaming.Deployment.Dashboards.Queries;

namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>Is it well? What comes in, what comes out, how late, and whether something is missing.</summary>
internal static class OverviewDashboard
{
    /// <summary>What the alert CommerceEventsUnaccounted asks, and from where on it rings.</summary>
    private const string Unaccounted = "commerce:unaccounted_events:increase1h";
    private const double Tolerated = 50;

    private const string CameOut = "commerce:events_resolved:sum1h + commerce:events_deduplicated:sum1h + commerce:events_dead:sum1h";

    private const string InFlight =
        "sum(@commerce.processing.lag.messages{commerce_topology=\"identity-resolution.resolve\",messaging_destination_name=\"commerce.collection.events.v1\"})";

    public static readonly Dashboard Dashboard = new(
        "overview", "Commerce: overview", "Rates in and out, freshness, conservation, dead letters.",
        new Row("In one look",
            new Panel("Accepted", "cps", "Events per second that the collection API acknowledged.", Rate("commerce.ingest.events", where: "outcome=\"accepted\"")) { IsNumber = true },
            new Panel("Orders fresh within 5 s", "percentunit", "Share of orders whose row was in the warehouse within 5 s of the API's answer.", FreshShare("5")) { IsNumber = true },
            new Panel("Behind", "s", "Age of the oldest record that waits, over all pipelines.", Max("commerce.processing.lag.seconds")) { IsNumber = true, Limit = 60 },
            new Panel("Dead letters, hour", "short", "Records that no pipeline could process, within the last hour.", DeadLetters) { IsNumber = true, Limit = 1 },
            new Panel("Unaccounted, hour", "short", "Accepted events that came out nowhere and do not wait. Nothing is said of an hour whose beginning Prometheus has not seen.", new Query(Unaccounted)) { IsNumber = true, Limit = Tolerated },
            new Panel("Services reporting", "short", "Processes that send telemetry.", new Query("count(@target.info)")) { IsNumber = true }),
        new Row("Flow",
            new Panel("Accepted, by source", "cps", "What shops send.", Rate("commerce.ingest.events", "source", "outcome=\"accepted\"")),
            new Panel("Refused, by reason", "cps", "Quarantined and rejected events: a new reason is usually a shop's new release.", Rate("commerce.ingest.events", "outcome, reason", "outcome!=\"accepted\"")),
            new Panel("Rows into the warehouse", "cps", "Records loaded per second.", Rate("commerce.warehouse.sink.records"))),
        new Row("Freshness",
            new Panel("From the API's answer to the row", "s", "Half and 99 % of orders.", [.. Quantiles("commerce.warehouse.freshness")]),
            new Panel("Behind, by pipeline", "s", "Age of the oldest record that waits.", Max("commerce.processing.lag.seconds", "commerce_topology")),
            new Panel("Acknowledgement by Kafka", "s", "From the first record of a request to its last acknowledgement.", [.. Quantiles("commerce.ingest.ack.duration")])),
        new Row("Nothing lost",
            new Panel("Conservation", "short", "Within an hour: what was accepted until two minutes ago, and what was resolved, deduplicated or made a dead letter until now; and what waits.", new Query("commerce:events_accepted:sum1h", "accepted, 2 min ago"), new Query(CameOut, "came out"), new Query(InFlight, "in flight")),
            new Panel("Dead letters, by reason", "short", "Within the last hour.", Hour("commerce.processing.dead_letters", "commerce_topology, commerce_reason"), Hour("commerce.warehouse.sink.dead_letters", "reason") with { Legend = "warehouse.sink {{reason}}" }),
            new Panel("Refused requests, by reason", "cps", "Whole requests answered with 4xx or 503.", Rate("commerce.ingest.requests.refused", "reason"))));

    private static Query DeadLetters => new(Total("commerce.processing.dead_letters") + " + " + Total("commerce.warehouse.sink.dead_letters"));

    private static string Total(string counter, string where = "") => $"(sum({Grown(counter, where)}) or vector(0))";

    // Prometheus 2 keeps the bucket's label as it comes (5), Prometheus 3 writes it as a float (5.0).
    private static Query FreshShare(string seconds) => new(
        $"sum(rate(@commerce.warehouse.freshness:bucket{{le=~\"{seconds}|{seconds}.0\"}}[1h])) / sum(rate(@commerce.warehouse.freshness:count[1h]))");
}
