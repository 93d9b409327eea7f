using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>fact_refunds.</summary>
internal static class RefundLoad
{
    private const string Insert = """
        INSERT INTO warehouse.fact_refunds (
            refund_key, refund_id, order_key, date_key, customer_key, amount, platform, currency, source, message_id, refunded_at, received_at, loaded_at)
        SELECT *, $13 FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::numeric[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::timestamptz[], $12::timestamptz[])
        ON CONFLICT (refund_key) DO NOTHING
        """;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Refunds.Count == 0)
            return;
        var refunds = rows.Refunds.Values;
        await load.ExecuteAsync(
            Insert, cancellationToken,
            refunds.Column(refund => refund.RefundKey), refunds.Column(refund => refund.Refund.RefundId), refunds.Column(refund => refund.OrderKey),
            refunds.Column(refund => refund.DateKey), refunds.Column(refund => refund.Record.ProfileId), refunds.Column(refund => refund.Refund.Amount),
            refunds.Column(refund => refund.Platform), refunds.Column(refund => refund.Refund.Currency),
            refunds.Column(refund => refund.Record.Source.Id), refunds.Column(refund => refund.Record.MessageId),
            refunds.Times(refund => refund.Record.Timestamp), refunds.Times(refund => refund.Record.ReceivedAt), load.Now);
        load.Orders.UnionWith(refunds.Select(refund => refund.OrderKey).OfType<string>());
        load.Tables.Add("fact_refunds");
    }
}
