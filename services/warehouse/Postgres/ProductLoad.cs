using Commerce.Streaming.Warehouse.Domain;

namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>dim_product.</summary>
internal static class ProductLoad
{
    // Each attribute goes by its own time; (time, value) makes the result independent of the order of arrival.
    private const string Upsert = """
        INSERT INTO warehouse.dim_product AS known (
            product_key, product_id, title, category, price, platform, sku, currency, title_as_of, category_as_of, price_as_of, loaded_at)
        SELECT *, $12 FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::text[], $8::text[],
            $9::timestamptz[], $10::timestamptz[], $11::timestamptz[]) AS seen(product_key)
        ORDER BY seen.product_key
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

    /// <summary>Npgsql's form of -infinity.</summary>
    private static readonly DateTime Never = DateTime.MinValue;

    public static async Task LoadAsync(LoadTransaction load, BatchRows rows, CancellationToken cancellationToken)
    {
        if (rows.Products.Count == 0)
            return;
        var products = rows.Products.Values;
        await load.ExecuteAsync(
            Upsert, cancellationToken,
            products.Column(product => product.ProductKey), products.Column(product => product.ProductId),
            products.Column(product => product.Title?.Value), products.Column(product => product.Category?.Value),
            products.Column(product => product.Price?.Value ?? 0m), products.Column(product => product.Platform),
            products.Column(product => product.Sku), products.Column(product => product.Currency),
            products.Column(product => product.Title?.AsOf.UtcDateTime ?? Never), products.Column(product => product.Category?.AsOf.UtcDateTime ?? Never),
            products.Column(product => product.Price?.AsOf.UtcDateTime ?? Never), load.Now);
        load.Tables.Add("dim_product");
    }
}
