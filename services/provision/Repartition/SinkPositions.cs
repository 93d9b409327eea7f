using Confluent.Kafka;
using Npgsql;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>How far the warehouse has read: in its database, not in Kafka.</summary>
internal sealed class SinkPositions(string connectionString)
{
    private const string Select = "SELECT consumer_group, topic, partition, next_offset FROM warehouse.sink_offsets";

    private const string Forget = "DELETE FROM warehouse.sink_offsets WHERE topic = ANY ($1)";

    private const string Add = """
        INSERT INTO warehouse.sink_offsets (consumer_group, topic, partition, next_offset)
        SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[])
        """;

    /// <summary>By consumer group: usually one.</summary>
    public async Task<IReadOnlyDictionary<string, Dictionary<TopicPartition, long>>> ReadAsync(CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        return await ReadAsync(database.CreateCommand(Select), cancellation);
    }

    /// <summary>Replaces the positions of topics that were made anew, in one transaction. Once more does no harm.</summary>
    public async Task ReplaceAsync(IReadOnlyCollection<TopicPartitionOffset> positions, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var groups = (await ReadAsync(new NpgsqlCommand(Select, connection), cancellation)).Keys.ToList();
        string[] topics = [.. positions.Select(position => position.Topic).Distinct(StringComparer.Ordinal)];
        await using (var forget = new NpgsqlCommand(Forget, connection) { Parameters = { new() { Value = topics } } })
            await forget.ExecuteNonQueryAsync(cancellation);
        foreach (var group in groups)
        {
            await using var add = new NpgsqlCommand(Add, connection)
            {
                Parameters =
                {
                    new() { Value = group },
                    new() { Value = positions.Select(position => position.Topic).ToArray() },
                    new() { Value = positions.Select(position => position.Partition.Value).ToArray() },
                    new() { Value = positions.Select(position => position.Offset.Value).ToArray() },
                },
            };
            await add.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task<Dictionary<string, Dictionary<TopicPartition, long>>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
        {
            var positions = new Dictionary<string, Dictionary<TopicPartition, long>>(StringComparer.Ordinal);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                if (!positions.TryGetValue(rows.GetString(0), out var group))
                    positions[rows.GetString(0)] = group = [];
                group[new TopicPartition(rows.GetString(1), rows.GetInt32(2))] = rows.GetInt64(3);
            }

            return positions;
        }
    }
}
