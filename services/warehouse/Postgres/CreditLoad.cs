using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>fact_attribution: all rows of an order are replaced by a version of its credits that is not lower.</summary>
internal static class CreditLoad
{
    private const string Known = """
        SELECT order_key, version
        FROM (SELECT order_key, (SELECT f.version FROM warehouse.fact_attribution f WHERE f.order_key = stated.order_key LIMIT 1) AS version
              FROM unnest($1::text[]) AS stated(order_key)) AS each_order
        WHERE version IS NOT NULL
        """;

    private const string Delete = "DELETE FROM warehouse.fact_attribution WHERE order_key = ANY ($1)";

    private const short CopyColumns = 10;

    private const string Copy = """
        COPY warehouse.fact_attribution (order_key, model, touch, channel, credit, campaign, touched_at, currency, version, loaded_at) FROM STDIN (FORMAT binary)
        """;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Credits.Count == 0)
            return;
        var outdated = new List<string>();
        foreach (var (orderKey, version) in await KnownAsync(load, rows.Credits.Keys, cancellationToken))
        {
            if (rows.Credits[orderKey].Record.Version < version)
                rows.Credits.Remove(orderKey);
            else
                outdated.Add(orderKey);
        }

        if (outdated.Count > 0)
            await load.ExecuteAsync(Delete, cancellationToken, Parameter.Of(outdated.ToArray()));
        await CopyAsync(load, rows.Credits.Values, cancellationToken);
        load.Tables.Add("fact_attribution");
    }

    private static Task<List<(string OrderKey, long Version)>> KnownAsync(
        LoadTransaction load, IReadOnlyCollection<string> orderKeys, CancellationToken cancellationToken) =>
        load.QueryAsync(Known, reader => (reader.GetString(0), reader.GetInt64(1)), cancellationToken, orderKeys.Column(key => key));

    private static Task CopyAsync(LoadTransaction load, IEnumerable<CreditStatement> credits, CancellationToken cancellationToken) =>
        load.CopyAsync(
            Copy, CopyColumns,
            rows =>
            {
                foreach (var credit in credits)
                {
                    foreach (var model in credit.Record.Models)
                    {
                        foreach (var touch in model.Credits)
                        {
                            rows.Row();
                            rows.Text(credit.OrderKey);
                            rows.Text(model.Model);
                            rows.Text(touch.Touch);
                            rows.Text(touch.Channel);
                            rows.Amount(touch.Credit);
                            rows.Text(touch.Campaign);
                            rows.Time(touch.TouchedAt);
                            rows.Text(credit.Record.Currency);
                            rows.Long(credit.Record.Version);
                            rows.Time(load.LoadedAt);
                        }
                    }
                }
            },
            cancellationToken);
}
