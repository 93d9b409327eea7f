using Commerce.Streaming.Warehouse.Domain;
using NpgsqlTypes;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>fact_attribution: all rows of an order are replaced by a higher version of its credits.</summary>
internal static class CreditLoad
{
    private const string DeleteOlder = """
        DELETE FROM warehouse.fact_attribution f USING unnest($1::text[], $2::bigint[]) AS stated(order_key, version)
        WHERE f.order_key = stated.order_key AND f.version < stated.version
        """;

    private const string StillThere = "SELECT DISTINCT order_key FROM warehouse.fact_attribution WHERE order_key = ANY ($1)";

    private const string Copy = """
        COPY warehouse.fact_attribution (order_key, model, touch, channel, credit, campaign, touched_at, currency, version, loaded_at) FROM STDIN (FORMAT binary)
        """;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Credits.Count == 0)
            return;
        var credits = rows.Credits.Values;
        var keys = credits.Select(credit => credit.OrderKey).ToArray();
        await load.ExecuteAsync(DeleteOlder, cancellationToken, Parameter.Of(keys), credits.Column(credit => credit.Record.Version));
        // What is still there is of the same version or a higher one.
        var known = await load.QueryAsync(StillThere, reader => reader.GetString(0), cancellationToken, Parameter.Of(keys));
        var outdated = known.ToHashSet(StringComparer.Ordinal);
        await CopyAsync(load, credits.Where(credit => !outdated.Contains(credit.OrderKey)), cancellationToken);
        load.Tables.Add("fact_attribution");
    }

    private static Task CopyAsync(LoadTransaction load, IEnumerable<CreditStatement> credits, CancellationToken cancellationToken) =>
        load.CopyAsync(
            Copy,
            importer =>
            {
                foreach (var credit in credits)
                {
                    foreach (var model in credit.Record.Models)
                    {
                        foreach (var touch in model.Credits)
                        {
                            importer.StartRow();
                            importer.Write(credit.OrderKey, NpgsqlDbType.Text);
                            importer.Write(model.Model, NpgsqlDbType.Text);
                            importer.Write(touch.Touch, NpgsqlDbType.Text);
                            importer.Write(touch.Channel, NpgsqlDbType.Text);
                            importer.Write(touch.Credit, NpgsqlDbType.Numeric);
                            importer.WriteNullable(touch.Campaign);
                            importer.WriteNullable(touch.TouchedAt);
                            importer.Write(credit.Record.Currency, NpgsqlDbType.Text);
                            importer.Write(credit.Record.Version, NpgsqlDbType.Bigint);
                            importer.Write(load.LoadedAt, NpgsqlDbType.TimestampTz);
                        }
                    }
                }
            },
            cancellationToken);
}
