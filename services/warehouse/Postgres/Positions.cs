using Confluent.Kafka;
using Npgsql;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>Reads where to go on, on assignment.</summary>
internal static class Positions
{
    // A partition never loaded starts at 0: where the log begins later than that, Kafka's "earliest" leads there.
    private const string Ensure = """
        INSERT INTO warehouse.sink_offsets (consumer_group, topic, partition, next_offset)
        SELECT $1, topic, partition, 0 FROM unnest($2::text[], $3::int[]) AS mine(topic, partition) ORDER BY topic, partition
        ON CONFLICT DO NOTHING
        """;

    private const string Read = """
        SELECT topic, partition, next_offset FROM warehouse.sink_offsets
        WHERE consumer_group = $1 AND (topic, partition) IN (SELECT * FROM unnest($2::text[], $3::int[]))
        """;

    /// <summary>Blocking: Kafka's client asks for positions in a synchronous callback.</summary>
    public static List<TopicPartitionOffset> Of(NpgsqlDataSource database, string group, IReadOnlyList<TopicPartition> partitions)
    {
        using var connection = database.OpenConnection();
        using (var ensure = Command(Ensure, connection, group, partitions))
            ensure.ExecuteNonQuery();
        using var read = Command(Read, connection, group, partitions);
        using var reader = read.ExecuteReader();
        var positions = new List<TopicPartitionOffset>();
        while (reader.Read())
            positions.Add(new TopicPartitionOffset(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2)));
        return positions;
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, string group, IReadOnlyList<TopicPartition> partitions) =>
        new(sql, connection)
        {
            Parameters =
            {
                Parameter.Of(group),
                partitions.Column(each => each.Topic),
                partitions.Column(each => each.Partition.Value),
            },
        };
}
