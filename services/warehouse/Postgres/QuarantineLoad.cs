using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>quarantined_events.</summary>
internal static class QuarantineLoad
{
    private const string Upsert = """
        INSERT INTO warehouse.quarantined_events AS known (source, message_id, name, reason, detail, platform, received_at, raw, loaded_at)
        SELECT *, $9 FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::bytea[])
        ON CONFLICT (source, message_id) DO UPDATE SET
            name = excluded.name, reason = excluded.reason, detail = excluded.detail, platform = excluded.platform,
            received_at = excluded.received_at, raw = excluded.raw, loaded_at = excluded.loaded_at
        WHERE excluded.received_at > known.received_at
        """;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Quarantined.Count == 0)
            return;
        var refused = rows.Quarantined.Values;
        await load.ExecuteAsync(
            Upsert, cancellationToken,
            refused.Column(each => each.SourceId), refused.Column(each => each.Record.MessageId), refused.Column(each => each.Record.Name),
            refused.Column(each => each.Record.Reason), refused.Column(each => each.Record.Detail), refused.Column(each => each.Record.Source?.Platform),
            refused.Times(each => each.Record.ReceivedAt), refused.Column(each => each.Record.Raw), load.Now);
        load.Tables.Add("quarantined_events");
    }
}
