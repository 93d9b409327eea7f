namespace Commerce.Streaming.Warehouse.Postgres;

/// <summary>
/// The highest movement of each product that is in the table, as far as this instance knows. It stays true as long as the partitions are
/// ours: whoever else writes moves their offsets, and the next batch is fenced before it is asked.
/// </summary>
internal sealed class MovementVersions
{
    /// <summary>About 20 MB of keys; beyond it the cache starts anew.</summary>
    private const int ProductsMax = 200_000;

    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal);

    /// <summary>0 when there is none.</summary>
    public long this[string productKey]
    {
        get => _highest[productKey];
        set => _highest[productKey] = value;
    }

    /// <summary>Those of which nothing is known.</summary>
    public string[] Unknown(IEnumerable<string> productKeys)
    {
        string[] keys = [.. productKeys.Distinct(StringComparer.Ordinal)];
        if (_highest.Count + keys.Length > ProductsMax)
            Forget();
        return [.. keys.Where(key => !_highest.ContainsKey(key))];
    }

    /// <summary>A transaction failed, or partitions come from another owner.</summary>
    public void Forget() => _highest.Clear();
}
