using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>fact_refunds.</summary>
internal static class RefundLoad
{
    private const string Existing = "SELECT customer_key FROM warehouse.fact_refunds WHERE refund_key = ANY ($1)";

    private const string Upsert = """
        INSERT INTO warehouse.fact_refunds AS known (
            refund_key, refund_id, order_key, date_key, customer_key, amount, platform, currency, source, message_id, refunded_at, received_at, loaded_at)
        SELECT *, $13 FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::numeric[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::timestamptz[], $12::timestamptz[])
        ON CONFLICT (refund_key) DO UPDATE SET
            date_key = excluded.date_key, customer_key = excluded.customer_key, amount = excluded.amount, currency = excluded.currency,
            source = excluded.source, message_id = excluded.message_id, refunded_at = excluded.refunded_at,
            received_at = excluded.received_at, loaded_at = excluded.loaded_at
        WHERE (excluded.refunded_at, excluded.received_at, excluded.message_id COLLATE "C")
            > (known.refunded_at, known.received_at, known.message_id COLLATE "C")
        """;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Refunds.Count == 0)
            return;
        var refunds = rows.Refunds.Values;
        var former = await load.QueryAsync(
            Existing, reader => reader.GetString(0), cancellationToken, refunds.Column(refund => refund.RefundKey));
        load.Customers.UnionWith(former);
        await load.ExecuteAsync(
            Upsert, cancellationToken,
            refunds.Column(refund => refund.RefundKey), refunds.Column(refund => refund.Refund.RefundId), refunds.Column(refund => refund.OrderKey),
            refunds.Column(refund => refund.DateKey), refunds.Column(refund => refund.Record.ProfileId), refunds.Column(refund => refund.Refund.Amount),
            refunds.Column(refund => refund.Platform), refunds.Column(refund => refund.Refund.Currency),
            refunds.Column(refund => refund.Record.Source.Id), refunds.Column(refund => refund.Record.MessageId),
            refunds.Times(refund => refund.Record.Timestamp), refunds.Times(refund => refund.Record.ReceivedAt), load.Now);
        // The order is part of the key, so a refund that is stated again cannot have moved to another order.
        load.Orders.UnionWith(refunds.Select(refund => refund.OrderKey).OfType<string>());
        load.Tables.Add("fact_refunds");
    }
}
