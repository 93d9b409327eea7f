using Commerce.Streaming.Warehouse.Sink;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>dead_letters.</summary>
internal static class DeadLetterLoad
{
    private const string Insert = """
        INSERT INTO warehouse.dead_letters (topic, partition, "offset", reason, error, schema_id, failed_at)
        SELECT *, $7 FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::int[])
        ON CONFLICT DO NOTHING
        """;

    public static Task LoadAsync(LoadTransaction load, IReadOnlyCollection<SinkRecord> dead, CancellationToken cancellationToken)
    {
        if (dead.Count == 0)
            return Task.CompletedTask;
        load.Tables.Add("dead_letters");
        return load.ExecuteAsync(
            Insert, cancellationToken,
            dead.Column(each => each.Raw.Topic), dead.Column(each => each.Raw.Partition.Value), dead.Column(each => each.Raw.Offset.Value),
            dead.Column(each => each.Failure!.Reason), dead.Column(each => each.Failure!.Error), dead.Column(each => WireFormat.SchemaId(each.Raw.Message.Value)),
            load.Now);
    }
}
