using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Warehouse.Sink;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Api;

/// <summary>How fresh a table is.</summary>
/// <param name="Table">Name.</param>
/// <param name="LoadedAt">When the sink began to load the last batch with rows for it (UTC).</param>
internal sealed record TableFreshness(string Table, DateTimeOffset LoadedAt);

/// <summary>How far the sink is behind a topic.</summary>
/// <param name="Topic">Name.</param>
/// <param name="Lag">Records that are in the log and not in the warehouse, of the partitions that this instance owns.</param>
/// <param name="Partitions">How many it owns.</param>
internal sealed record TopicLag(string Topic, long Lag, int Partitions);

/// <summary>The answer of GET /v1/freshness.</summary>
internal sealed record Freshness(IReadOnlyList<TableFreshness> Tables, IReadOnlyList<TopicLag> Topics, long Lag, long DeadLetters);

internal static class FreshnessEndpoint
{
    private const string Loads = "SELECT table_name, loaded_at FROM warehouse.table_loads ORDER BY table_name";
    private const string Dead = "SELECT count(*) FROM warehouse.dead_letters";

    public static void MapFreshness(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/freshness", ReadAsync).RequireScope("warehouse:read");

    private static async Task<Freshness> ReadAsync(NpgsqlDataSource database, SinkState state, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tables = new List<TableFreshness>();
        await using (var command = new NpgsqlCommand(Loads, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                tables.Add(new TableFreshness(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        await using var count = new NpgsqlCommand(Dead, connection);
        var dead = (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        var topics = state.Partitions.GroupBy(partition => partition.Key.Topic, StringComparer.Ordinal)
            .Select(topic => new TopicLag(topic.Key, topic.Sum(each => each.Value.End - each.Value.Position), topic.Count()))
            .OrderBy(topic => topic.Topic, StringComparer.Ordinal)
            .ToList();
        return new Freshness(tables, topics, topics.Sum(topic => topic.Lag), dead);
    }
}
