namespace Commerce.Streaming.InventorySync.Adapters;

/// <summary>Keys of state and topics. Neither platforms nor SKUs hold control characters: ingest refuses them.</summary>
public static class SkuKeys
{
    /// <summary>ASCII's unit separator.</summary>
    private const char Separator = '\u001f';

    /// <summary>Kafka key of everything that concerns a SKU.</summary>
    public static string Of(string platform, string sku) => platform + "/" + sku;

    /// <summary>Key of a part of a SKU's state.</summary>
    public static string Part(string skuKey, string part) => skuKey + Separator + part;

    public static (string Platform, string Sku, string Part) Split(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var separator = key.IndexOf(Separator, slash);
        return (key[..slash], key[(slash + 1)..separator], key[(separator + 1)..]);
    }
}
