using static Commerce.Streaming.Deployment.Dashboards.Queries;

namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>
/// Redis and Postgres: what their exporters say of the servers, beside what our own processes see of them. Whatever else lives on a shared
/// server is on the dashboard as well.
/// </summary>
internal static class ServerDashboards
{
    private const string Topology = "commerce_topology";

    public static readonly Dashboard Redis = new(
        "redis", "Commerce: Redis", "Memory, evictions, commands, clients, keys, replication; and the views as our processes see them.",
        new Row("In one look",
            new Panel("Redis answers", "short", "1 for each server that the exporter reaches.", Sum("redis_up")) { IsNumber = true },
            new Panel("Keys evicted, hour", "short", "Must be 0: a view that lacks keys answers wrongly. Raise maxmemory; the policy must be noeviction.", Hour("redis_evicted_keys_total")) { IsNumber = true, Limit = 1 },
            new Panel("Stale views", "short", "Partitions whose view is behind because Redis is away or has lost data.", Sum("commerce.processing.view.stale")) { IsNumber = true, Limit = 1 }),
        new Row("Memory",
            new Panel("Memory", "bytes", "Of the data, beside maxmemory (0: no limit).", Max("redis_memory_used_bytes", "instance") with { Legend = "used {{instance}}" }, Max("redis_memory_max_bytes", "instance") with { Legend = "max {{instance}}" }),
            new Panel("Fragmentation", "short", "Resident memory by used memory; above 1.5 for long: activedefrag.", Max("redis_mem_fragmentation_ratio", "instance")),
            new Panel("Keys", "short", "By database.", Sum("redis_db_keys", "instance, db", "db=\"db0\""))),
        new Row("Work",
            new Panel("Commands", "ops", "Per second, the busiest kinds.", Top("redis_commands_total", "cmd")),
            new Panel("Time of a command", "s", "Mean over each kind, within the server.", new Query(
                "topk(8, sum by (cmd) (rate(@redis_commands_duration_seconds_total[$__rate_interval])) / sum by (cmd) (rate(@redis_commands_total[$__rate_interval])) > 0)", "{{cmd}}")),
            new Panel("Look-ups that found their key", "percentunit", "Misses are normal: profiles and products that are new.", new Query(
                "sum by (instance) (rate(@redis_keyspace_hits_total[$__rate_interval])) / (sum by (instance) (rate(@redis_keyspace_hits_total[$__rate_interval])) + sum by (instance) (rate(@redis_keyspace_misses_total[$__rate_interval])))", "{{instance}}"))),
        new Row("Clients and replicas",
            new Panel("Connected clients", "short", "Connections; refused ones within the hour beside them.", Max("redis_connected_clients", "instance") with { Legend = "clients {{instance}}" }, Hour("redis_rejected_connections_total", "instance") with { Legend = "refused {{instance}}" }),
            new Panel("Replicas", "short", "Connected to each primary.", Max("redis_connected_slaves", "instance")),
            new Panel("Replication stream", "Bps", "Bytes per second that a replica must take.", new Query("sum by (instance) (rate(@redis_master_repl_offset[$__rate_interval]))", "{{instance}}")),
            new Panel("Slow log", "short", "Commands that took longer than slowlog-log-slower-than.", Max("redis_slowlog_length", "instance"))),
        new Row("As our processes see it",
            new Panel("Keys written", "wps", "By pipeline.", Rate("commerce.processing.view.writes", Topology)),
            new Panel("Views behind their changelog", "short", "Changelog records that Redis lacks.", Max("commerce.processing.view.lag", "commerce_topology, commerce_view")),
            new Panel("Views written anew", "short", "Within the last hour: after an assignment, or because Redis lost them.", Hour("commerce.processing.view.rebuilds", Topology))));

    public static readonly Dashboard Postgres = new(
        "postgres", "Commerce: Postgres", "Connections, transactions, cache, dead rows, replication, size; and the loads as the sink sees them.",
        new Row("In one look",
            new Panel("Postgres answers", "short", "1 for each server that the exporter reaches.", Sum("pg_up")) { IsNumber = true },
            new Panel("Connections used", "percentunit", "Share of max_connections.", new Query("sum by (instance) (@pg_stat_activity_count) / max by (instance) (@pg_settings_max_connections)", "{{instance}}")) { IsNumber = true, Limit = 0.8 },
            new Panel("Deadlocks, hour", "short", "The sink loads in one order: a deadlock comes from somebody else's writes.", Hour("pg_stat_database_deadlocks")) { IsNumber = true, Limit = 1 }),
        new Row("Connections and transactions",
            new Panel("Connections, by state", "short", "Idle in transaction for long holds up vacuum.", Sum("pg_stat_activity_count", "state")),
            new Panel("Transactions", "ops", "Commits and rollbacks per second.", Rate("pg_stat_database_xact_commit", "datname", Database) with { Legend = "commits {{datname}}" }, Rate("pg_stat_database_xact_rollback", "datname", Database) with { Legend = "rollbacks {{datname}}" }),
            new Panel("Longest transaction", "s", "Age of the oldest; above minutes, vacuum cannot clean what is newer.", Max("pg_stat_activity_max_tx_duration", "datname", Database))),
        new Row("Rows and cache",
            new Panel("Cache hits", "percentunit", "Share of blocks found in shared buffers; below 0.95 for long: more memory.", new Query(
                $"sum by (datname) (rate(@pg_stat_database_blks_hit{{{Database}}}[$__rate_interval])) / (sum by (datname) (rate(@pg_stat_database_blks_hit{{{Database}}}[$__rate_interval])) + sum by (datname) (rate(@pg_stat_database_blks_read{{{Database}}}[$__rate_interval])))", "{{datname}}")),
            new Panel("Rows written", "wps", "Inserted and updated.", Rate("pg_stat_database_tup_inserted", "datname", Database) with { Legend = "inserted {{datname}}" }, Rate("pg_stat_database_tup_updated", "datname", Database) with { Legend = "updated {{datname}}" }),
            new Panel("Dead rows", "short", "The eight tables with most: vacuum has not taken them yet.", new Query("topk(8, max by (schemaname, relname) (@pg_stat_user_tables_n_dead_tup))", "{{schemaname}}.{{relname}}")),
            new Panel("Bloat", "percentunit", "Dead rows by all rows, of tables with more than 10 000.", new Query(
                "topk(8, max by (relname) (@pg_stat_user_tables_n_dead_tup / (@pg_stat_user_tables_n_live_tup + @pg_stat_user_tables_n_dead_tup) and @pg_stat_user_tables_n_live_tup + @pg_stat_user_tables_n_dead_tup > 10000))", "{{relname}}"))),
        new Row("Size and replication",
            new Panel("Database size", "bytes", "By database.", Max("pg_database_size_bytes", "datname", Database)),
            new Panel("WAL kept", "bytes", "A replication slot that nobody reads makes it grow until the disk is full.", Max("pg_wal_size_bytes", "instance")),
            new Panel("Replication lag", "s", "Of replicas; 0 on a primary.", Max("pg_replication_lag_seconds", "instance"))),
        new Row("As the sink sees it",
            new Panel("Time of a batch", "s", "Retries included.", [.. Quantiles("commerce.warehouse.sink.batch.duration")]),
            new Panel("Rows loaded", "rps", "Records per second.", Rate("commerce.warehouse.sink.records") with { Legend = "records" }),
            new Panel("Retries and fences", "short", "Within the last hour: the database was away, or another instance took over.", Hour("commerce.warehouse.sink.retries") with { Legend = "retries" }, Hour("commerce.warehouse.sink.fenced") with { Legend = "fenced" })));

    private const string Database = "datname!~\"|template.*\"";

    private static Query Top(string counter, string by) => new($"topk(8, sum by ({by}) (rate(@{counter}[$__rate_interval])))", "{{" + by + "}}");
}
