using Commerce.Orders;

namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>
/// What the order lines of a batch have shown of a product: of each attribute the latest value, at one instant the greatest. Changed in
/// place, as a batch has many lines and few products; the result depends on what was seen, not on the order.
/// </summary>
internal sealed class ProductRow(string productKey, string platform, OrderLine first, string currency)
{
    public string ProductKey => productKey;
    public string Platform => platform;
    public string Sku => first.Sku;

    /// <summary>As of the price; the first one seen while there is no price.</summary>
    public string ProductId { get; private set; } = first.ProductId;

    /// <inheritdoc cref="ProductId"/>
    public string Currency { get; private set; } = currency;

    public string? Title { get; private set; }
    public DateTimeOffset TitleAsOf { get; private set; }
    public string? Category { get; private set; }
    public DateTimeOffset CategoryAsOf { get; private set; }

    /// <summary>0 without a positive one: what is given away keeps its price.</summary>
    public decimal Price { get; private set; }

    public DateTimeOffset PriceAsOf { get; private set; }

    public void See(OrderLine line, string currency, DateTimeOffset at)
    {
        if (line.Title is { } title && IsLater(at, TitleAsOf, title, Title))
            (Title, TitleAsOf) = (title, at);
        if (line.Category is { } category && IsLater(at, CategoryAsOf, category, Category))
            (Category, CategoryAsOf) = (category, at);
        if (line.Price > 0 && (at, line.Price).CompareTo((PriceAsOf, Price)) > 0)
            (Price, PriceAsOf, ProductId, Currency) = (line.Price, at, line.ProductId, currency);
    }

    private static bool IsLater(DateTimeOffset at, DateTimeOffset knownAt, string value, string? known) =>
        known is null || at > knownAt || (at == knownAt && string.CompareOrdinal(value, known) > 0);
}
