using System.Globalization;
using System.Text.Json;
using Commerce.Orders;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Reads <c>properties.products</c> of orders and refunds (Segment Ecommerce v2, with <c>line</c>, <c>discount</c> and <c>stocked</c> of ours).</summary>
internal static class OrderLines
{
    private const int TitleLengthMax = 500;
    private const int CategoryLengthMax = 200;

    /// <param name="linesMax">Most lines.</param>
    /// <param name="lines">Empty when there is no member <c>products</c>.</param>
    /// <param name="priced">False when some line has no price of its own.</param>
    public static Fault? Read(JsonElement properties, int linesMax, Pseudonymizer pseudonymizer, out IReadOnlyList<OrderLine> lines, out bool priced)
    {
        lines = [];
        priced = true;
        var products = properties.Member("products"u8);
        if (products.IsAbsent())
            return null;
        if (products.ValueKind != JsonValueKind.Array)
            return new Fault(Reasons.InvalidProducts, "products is not an array");
        if (products.GetArrayLength() > linesMax)
            return new Fault(Reasons.TooManyProducts, string.Create(CultureInfo.InvariantCulture, $"products has more than {linesMax} lines"));

        var read = new List<OrderLine>(products.GetArrayLength());
        var numbers = new HashSet<int>();
        foreach (var product in products.EnumerateArray())
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"products[{read.Count}]");
            if (ReadLine(product, place, read.Count + 1, pseudonymizer, out var line, out var hasPrice) is { } fault)
                return fault;
            if (!numbers.Add(line.Line))
                return new Fault(Reasons.DuplicateLine, $"{place}.line is the number of another line");
            read.Add(line);
            priced &= hasPrice;
        }

        lines = read;
        return null;
    }

    /// <summary>Σ price × quantity.</summary>
    public static decimal Gross(IReadOnlyList<OrderLine> lines) => lines.Sum(line => line.Price * line.Quantity);

    private static Fault? ReadLine(
        JsonElement product, string place, int position, Pseudonymizer pseudonymizer, out OrderLine line, out bool hasPrice)
    {
        line = null!;
        hasPrice = false;
        if (product.ValueKind != JsonValueKind.Object)
            return new Fault(Reasons.InvalidProducts, $"{place} is not an object");
        if (ReadIds(product, place, pseudonymizer, out var productId, out var sku) is { } idFault)
            return idFault;
        if (Money.Read(product.Member("price"u8), $"{place}.price", out var price) is { } priceFault)
            return priceFault;
        if (price < 0)
            return new Fault(Reasons.NegativePrice, $"{place}.price is below zero");
        if (Money.Read(product.Member("discount"u8), $"{place}.discount", out var discount) is { } discountFault)
            return discountFault;
        if (discount < 0)
            return new Fault(Reasons.NegativeDiscount, $"{place}.discount is below zero");
        if (Quantity.Read(product.Member("quantity"u8), $"{place}.quantity", defaultTo: 1, out var quantity) is { } quantityFault)
            return quantityFault;
        if (quantity <= 0)
            return new Fault(quantity < 0 ? Reasons.NegativeQuantity : Reasons.InvalidQuantity, $"{place}.quantity is not above zero");
        if (Quantity.Read(product.Member("line"u8), $"{place}.line", defaultTo: position, out var number) is { } lineFault)
            return lineFault;

        hasPrice = price is not null;
        line = new OrderLine
        {
            Line = number,
            ProductId = productId,
            Sku = sku,
            Title = product.Member("name"u8).Prose(TitleLengthMax),
            Category = product.Member("category"u8).Prose(CategoryLengthMax),
            Quantity = quantity,
            Price = price ?? 0,
            Discount = discount ?? 0,
            Stocked = product.Member("stocked"u8).Flag() ?? true,
        };
        return null;
    }

    private static Fault? ReadIds(JsonElement product, string place, Pseudonymizer pseudonymizer, out string productId, out string sku)
    {
        productId = sku = "";
        if (OrderFields.ReadId(product.Member("sku"u8), $"{place}.sku", pseudonymizer, out var ownSku) is { } skuFault)
            return skuFault;
        var stated = product.Member("product_id"u8) is { } id && id.Scalar() is not null ? id : product.Member("id"u8);
        if (OrderFields.ReadId(stated, $"{place}.product_id", pseudonymizer, out var ownId) is { } idFault)
            return idFault;
        if ((ownId ?? ownSku) is not { } known)
            return new Fault(Reasons.MissingProductId, $"{place} has neither product_id nor sku");
        (productId, sku) = (known, ownSku ?? known);
        return null;
    }
}
