namespace Commerce.Streaming.SampleShop;

/// <summary>What the shop sells.</summary>
public sealed record Product(string Sku, string Name, string Category, decimal Price, bool Stocked = true);

/// <summary>Forty products of an imaginary shop for tea and table.</summary>
public static class Assortment
{
    public static IReadOnlyList<Product> Products { get; } =
    [
        new("TEA-01", "Assam Second Flush 100 g", "Tea", 7.90m),
        new("TEA-02", "Darjeeling First Flush 100 g", "Tea", 12.50m),
        new("TEA-03", "Earl Grey 100 g", "Tea", 6.90m),
        new("TEA-04", "Sencha 100 g", "Tea", 9.80m),
        new("TEA-05", "Jasmine Pearls 50 g", "Tea", 11.20m),
        new("TEA-06", "Oolong 50 g", "Tea", 10.40m),
        new("TEA-07", "Rooibos 150 g", "Tea", 5.60m),
        new("TEA-08", "Peppermint 80 g", "Tea", 4.90m),
        new("TEA-09", "Camomile 80 g", "Tea", 4.70m),
        new("TEA-10", "Tea Sampler, 12 bags", "Tea", 14.90m),
        new("COF-01", "House Blend 250 g", "Coffee", 8.50m),
        new("COF-02", "Espresso 250 g", "Coffee", 8.90m),
        new("COF-03", "Ethiopia Sidamo 250 g", "Coffee", 11.90m),
        new("COF-04", "Decaf 250 g", "Coffee", 9.40m),
        new("COF-05", "House Blend 1 kg", "Coffee", 29.90m),
        new("COF-06", "Cold Brew Kit", "Coffee", 24.50m),
        new("MUG-01", "Stoneware Mug, grey", "Mugs", 13.90m),
        new("MUG-02", "Stoneware Mug, blue", "Mugs", 13.90m),
        new("MUG-03", "Glass Cup, double wall", "Mugs", 16.50m),
        new("MUG-04", "Travel Mug", "Mugs", 27.00m),
        new("MUG-05", "Espresso Cup, set of 4", "Mugs", 32.00m),
        new("MUG-06", "Enamel Mug", "Mugs", 9.90m),
        new("POT-01", "Teapot, cast iron", "Pots", 64.00m),
        new("POT-02", "Teapot, glass", "Pots", 39.90m),
        new("POT-03", "French Press", "Pots", 44.50m),
        new("POT-04", "Pour-over Dripper", "Pots", 22.90m),
        new("POT-05", "Moka Pot", "Pots", 34.90m),
        new("POT-06", "Electric Kettle", "Pots", 79.00m),
        new("KIT-01", "Tea Infuser", "Kitchen", 6.50m),
        new("KIT-02", "Paper Filters, 100", "Kitchen", 3.90m),
        new("KIT-03", "Coffee Grinder, manual", "Kitchen", 58.00m),
        new("KIT-04", "Milk Frother", "Kitchen", 19.90m),
        new("KIT-05", "Storage Tin", "Kitchen", 8.20m),
        new("KIT-06", "Kitchen Scale", "Kitchen", 26.00m),
        new("GIF-01", "Honey, 250 g", "Gifts", 7.20m),
        new("GIF-02", "Shortbread", "Gifts", 5.40m),
        new("GIF-03", "Chocolate Box", "Gifts", 18.00m),
        new("GIF-04", "Gift Basket", "Gifts", 49.00m),
        new("GIF-05", "Tea Towel, linen", "Gifts", 12.00m),
        new("VOU-25", "Gift Voucher 25", "Vouchers", 25.00m, Stocked: false),
    ];
}
