using static Commerce.Streaming.Deployment.Dashboards.Queries;

namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>One dashboard for each service: its own figures, its HTTP, its process.</summary>
internal static class ServiceDashboards
{
    public static readonly IReadOnlyList<Dashboard> All =
    [
        For("ingest", "Collection API",
            new Panel("Events, by outcome", "cps", "Accepted, quarantined, rejected.", Rate("commerce.ingest.events", "outcome")),
            new Panel("Acknowledgement by Kafka", "s", "From the first record of a request to its last acknowledgement.", [.. Quantiles("commerce.ingest.ack.duration")]),
            new Panel("Events in a request", "short", "Batch size of the senders.", [.. Quantiles("commerce.ingest.batch.events")]),
            new Panel("Refused requests", "cps", "By reason.", Rate("commerce.ingest.requests.refused", "reason")),
            new Panel("Clock skew of senders", "s", "Receipt less sentAt.", [.. Quantiles("commerce.ingest.clock.skew")])),
        For("consent", "Consent",
            new Panel("Decisions, by outcome", "cps", "Recorded, or superseded by a later one.", Rate("commerce.consent.decisions", "outcome")),
            new Panel("Refused requests", "cps", "By reason.", Rate("commerce.consent.requests.refused", "reason"))),
        For("identity-resolution", "Identity resolution",
            new Panel("Events resolved", "cps", "Events that got their profile, by source.", Rate("commerce.identity.events.resolved", "commerce_source")),
            new Panel("Repeated messages", "cps", "Dropped by message id.", Rate("commerce.identity.events.deduplicated", "commerce_source")),
            new Panel("Evidence and merges", "cps", "New links sent to the decider, and profiles that ceased to be.", Rate("commerce.identity.evidence.sent") with { Legend = "evidence sent" }, Rate("commerce.identity.profiles.merged") with { Legend = "profiles merged" }),
            new Panel("Evidence refused", "cps", "A rise in user_conflict is a shared device or a default value.", Rate("commerce.identity.evidence.refused", "commerce_reason"))),
        For("attribution", "Attribution",
            new Panel("Credits stated, by cause", "cps", "Statements of an order's credits.", Rate("commerce.attribution.credits.stated", "commerce_cause")),
            new Panel("Handovers", "cps", "State on its way between merged profiles.", Rate("commerce.attribution.handovers.sent")),
            new Panel("Touches forgotten", "cps", "Above zero: a profile that is no person.", Rate("commerce.attribution.touches.forgotten"))),
        For("inventory-sync", "Inventory",
            new Panel("Movements, by kind", "cps", "Receipts, sales, returns, adjustments.", Rate("commerce.inventory.movements", "kind")),
            new Panel("Reservations, by outcome", "cps", "A rise in rejected is a stock-out.", Rate("commerce.inventory.reservations.decided", "outcome")),
            new Panel("Time to reserve", "s", "From the request to the ledger's answer.", [.. Quantiles("commerce.inventory.reservation.duration")])),
        For("warehouse", "Warehouse",
            new Panel("Rows loaded", "cps", "Records per second.", Rate("commerce.warehouse.sink.records")),
            new Panel("Time of a batch", "s", "Retries included.", [.. Quantiles("commerce.warehouse.sink.batch.duration")]),
            new Panel("Records in a batch", "short", "Large batches: it catches up.", [.. Quantiles("commerce.warehouse.sink.batch.size")]),
            new Panel("Not loaded yet", "short", "By topic.", Sum("commerce.warehouse.sink.lag", "messaging_destination_name")),
            new Panel("Retries and fences", "short", "Within the last hour: the database was away, or another instance took over.", Hour("commerce.warehouse.sink.retries") with { Legend = "retries" }, Hour("commerce.warehouse.sink.fenced") with { Legend = "fenced" }, Hour("commerce.warehouse.sink.stalls") with { Legend = "stalled" }),
            new Panel("Dead letters, by reason", "short", "Within the last hour.", Hour("commerce.warehouse.sink.dead_letters", "reason")),
            new Panel("Tables that disagree, by check", "short", "Cases that the last nightly audit found: 0.", new Query("max by (check) (last_over_time(@commerce.warehouse.audit.violations[36h]))", "{{check}}")),
            new Panel("Last audit", "s", "Since an audit ended that looked at everything; more than a day: it is overdue.", new Query("time() - max(last_over_time(@commerce.warehouse.audit.finished[7d]))")) { IsNumber = true, Limit = 129_600 }),
    ];

    private static Dashboard For(string service, string title, params Panel[] own)
    {
        var job = $"job=\"commerce/{service}\"";
        return new Dashboard(
            service, "Commerce: " + service, title,
            new Row(title, own),
            new Row("HTTP",
                new Panel("Requests, by status", "cps", "Health probes included.", Rate("http.server.request.duration:count", "http_response_status_code", job)),
                new Panel("Duration", "s", "Half and 99 %.", [.. Quantiles("http.server.request.duration", where: job)]),
                new Panel("Errors", "percentunit", "Share of answers that are 5xx.", new Query(
                    $"(sum(rate(@http.server.request.duration:count{{{job},http_response_status_code=~\"5..\"}}[$__rate_interval])) or vector(0)) / sum(rate(@http.server.request.duration:count{{{job}}}[$__rate_interval]))"))),
            new Row("Process",
                new Panel("CPU", "percentunit", "Share of a core, by pod.", new Query($"sum by (instance) (rate(@dotnet.process.cpu.time{{{job}}}[$__rate_interval]))", "{{instance}}")),
                new Panel("Memory", "bytes", "Working set, by pod.", Max("dotnet.process.memory.working_set", "instance", job)),
                new Panel("Time in garbage collection", "percentunit", "Share of time paused.", new Query($"sum by (instance) (rate(@dotnet.gc.pause.time{{{job}}}[$__rate_interval]))", "{{instance}}"))));
    }
}
