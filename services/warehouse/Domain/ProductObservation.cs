using Commerce.Orders;

namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>What order lines have shown of a product: of each attribute the latest value with its time, at one instant the greatest.</summary>
internal sealed record ProductObservation(
    string ProductKey, string ProductId, string Sku, string Platform, string Currency, Dated<string>? Title, Dated<string>? Category, Dated<decimal>? Price)
{
    public static ProductObservation Of(OrderStatement order, OrderLine line)
    {
        var at = order.Record.Timestamp;
        return new ProductObservation(
            NaturalKeys.Product(order.Platform, line.Sku), line.ProductId, line.Sku, order.Platform, order.Order.Currency,
            line.Title is { } title ? new Dated<string>(at, title) : null,
            line.Category is { } category ? new Dated<string>(at, category) : null,
            // What is given away keeps its price.
            line.Price > 0 ? new Dated<decimal>(at, line.Price) : null);
    }

    /// <summary>Commutative and associative, so batches may be cut anywhere.</summary>
    public ProductObservation With(ProductObservation other)
    {
        var price = Dated<decimal>.Later(Price, other.Price);
        var carrier = price == Price ? this : other;
        return carrier with
        {
            Title = Dated<string>.Later(Title, other.Title),
            Category = Dated<string>.Later(Category, other.Category),
            Price = price,
        };
    }
}

/// <summary>A value with the time for which it was stated.</summary>
internal sealed record Dated<T>(DateTimeOffset AsOf, T Value)
{
    private static readonly IComparer<T> Order = typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal : Comparer<T>.Default;

    public static Dated<T>? Later(Dated<T>? one, Dated<T>? other)
    {
        if (one is null || other is null)
            return one ?? other;
        return (one.AsOf.CompareTo(other.AsOf), Order.Compare(one.Value, other.Value)) switch
        {
            (0, var value) => value >= 0 ? one : other,
            var (time, _) => time > 0 ? one : other,
        };
    }
}
