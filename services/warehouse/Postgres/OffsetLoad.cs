using Commerce.Streaming.Warehouse.Sink;
using Confluent.Kafka;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>sink_offsets: how far each partition is loaded. The row lock lets one instance at a time go on from a position.</summary>
internal static class OffsetLoad
{
    private const string Lock = """
        SELECT o.topic, o.partition, o.next_offset
        FROM warehouse.sink_offsets o JOIN unnest($2::text[], $3::int[]) AS mine(topic, partition) USING (topic, partition)
        WHERE o.consumer_group = $1 ORDER BY o.topic, o.partition FOR UPDATE OF o
        """;

    private const string Advance = """
        UPDATE warehouse.sink_offsets o SET next_offset = loaded.next_offset
        FROM unnest($2::text[], $3::int[], $4::bigint[]) AS loaded(topic, partition, next_offset)
        WHERE o.consumer_group = $1 AND o.topic = loaded.topic AND o.partition = loaded.partition
        """;

    /// <exception cref="FencedException">A position is not where we left it.</exception>
    public static async Task LockAsync(
        LoadTransaction load, string group, IReadOnlyCollection<TopicPartitionOffset> expected, CancellationToken cancellationToken)
    {
        var stored = await load.QueryAsync(
            Lock, reader => new TopicPartitionOffset(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2)), cancellationToken,
            Parameter.Of(group), expected.Column(each => each.Topic), expected.Column(each => each.Partition.Value));
        if (!stored.ToHashSet().SetEquals(expected))
            throw new FencedException();
    }

    public static Task AdvanceAsync(
        LoadTransaction load, string group, IReadOnlyCollection<TopicPartitionOffset> next, CancellationToken cancellationToken) =>
        load.ExecuteAsync(
            Advance, cancellationToken, Parameter.Of(group),
            next.Column(each => each.Topic), next.Column(each => each.Partition.Value), next.Column(each => each.Offset.Value));
}
