using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>dim_product: every batch shows most products again, so they come by COPY into a table of the session, and are merged from there.</summary>
internal static class ProductLoad
{
    /// <summary>Run once for each connection.</summary>
    public const string Prepare = """
        CREATE TEMP TABLE IF NOT EXISTS seen_products (
            product_key text COLLATE "C", product_id text, title text COLLATE "C", category text COLLATE "C", price numeric(19,4), platform text,
            sku text, currency text, title_as_of timestamptz, category_as_of timestamptz, price_as_of timestamptz, loaded_at timestamptz) ON COMMIT DELETE ROWS
        """;

    private const short CopyColumns = 12;

    private const string Copy = "COPY seen_products FROM STDIN (FORMAT binary)";

    // Each attribute goes by its own time; (time, value) makes the result independent of the order of arrival.
    private const string Merge = """
        INSERT INTO warehouse.dim_product AS known (
            product_key, product_id, title, category, price, platform, sku, currency, title_as_of, category_as_of, price_as_of, loaded_at)
        SELECT * FROM seen_products
        ON CONFLICT (product_key) DO UPDATE SET
            title = CASE WHEN (excluded.title_as_of, coalesce(excluded.title, '')) > (known.title_as_of, coalesce(known.title, ''))
                THEN excluded.title ELSE known.title END,
            category = CASE WHEN (excluded.category_as_of, coalesce(excluded.category, '')) > (known.category_as_of, coalesce(known.category, ''))
                THEN excluded.category ELSE known.category END,
            price = CASE WHEN (excluded.price_as_of, excluded.price) > (known.price_as_of, known.price) THEN excluded.price ELSE known.price END,
            currency = CASE WHEN (excluded.price_as_of, excluded.price) > (known.price_as_of, known.price) THEN excluded.currency ELSE known.currency END,
            product_id = CASE WHEN (excluded.price_as_of, excluded.price) > (known.price_as_of, known.price) THEN excluded.product_id ELSE known.product_id END,
            title_as_of = greatest(known.title_as_of, excluded.title_as_of),
            category_as_of = greatest(known.category_as_of, excluded.category_as_of),
            price_as_of = greatest(known.price_as_of, excluded.price_as_of),
            loaded_at = excluded.loaded_at
        WHERE (excluded.title_as_of, coalesce(excluded.title, '')) > (known.title_as_of, coalesce(known.title, ''))
           OR (excluded.category_as_of, coalesce(excluded.category, '')) > (known.category_as_of, coalesce(known.category, ''))
           OR (excluded.price_as_of, excluded.price) > (known.price_as_of, known.price)
        """;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Products.Count == 0)
            return;
        await load.CopyAsync(
            Copy, CopyColumns,
            copy =>
            {
                foreach (var product in rows.Products.Values)
                {
                    copy.Row();
                    copy.Text(product.ProductKey);
                    copy.Text(product.ProductId);
                    copy.Text(product.Title);
                    copy.Text(product.Category);
                    copy.Amount(product.Price);
                    copy.Text(product.Platform);
                    copy.Text(product.Sku);
                    copy.Text(product.Currency);
                    copy.TimeOrNever(product.Title is null ? null : product.TitleAsOf);
                    copy.TimeOrNever(product.Category is null ? null : product.CategoryAsOf);
                    copy.TimeOrNever(product.Price == 0 ? null : product.PriceAsOf);
                    copy.Time(load.LoadedAt);
                }
            },
            cancellationToken);
        await load.ExecuteAsync(Merge, cancellationToken);
        load.Tables.Add("dim_product");
    }
}
