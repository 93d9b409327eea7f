using System.Text;
using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>Where an entry belongs.</summary>
/// <param name="Partitions">Under the new number; empty when <paramref name="Contradiction"/> says why that is not known.</param>
internal readonly record struct HomeVerdict(IReadOnlyList<int> Partitions, string? Contradiction)
{
    public static HomeVerdict In(params IReadOnlyList<int> partitions) => new(partitions, null);

    public static HomeVerdict Unknown(string why) => new([], why);
}

/// <summary>
/// Where the entries of a compacted topic belong when its partitions grow from one number to a multiple of it. What a key's records did
/// lies where the key was; with k times the partitions that splits into k: p, p + from, …, p + (k - 1) from.
/// </summary>
/// <param name="lines">The partitions, of the new number, of the keys of the letters that wait in a line; null: none is known.</param>
internal sealed class EntryHomes(
    Home home, int from, int to, Func<byte[], TimerEntry> timer, Func<byte[], ParkedKey> parked, Func<string, IReadOnlyCollection<int>?> lines)
{
    /// <param name="partition">Where the entry lies.</param>
    public HomeVerdict Of(byte[] key, byte[] value, int partition)
    {
        switch (home.Rule)
        {
            case HomeRule.Everywhere:
                return HomeVerdict.In(Descendants(partition));
            case HomeRule.KeyElseEverywhere:
                return HomeVerdict.In(Murmur2.PartitionOf(key, from) == partition ? [Murmur2.PartitionOf(key, to)] : Descendants(partition));
            case HomeRule.Letter:
                return OfLine(key, parked(value), partition);
            case HomeRule.Timer:
                var entry = timer(value);
                return home.Timers.TryGetValue(entry.Name, out var rule)
                    ? OfKeys(Keys(rule, entry.Key), partition)
                    : HomeVerdict.Unknown($"a timer named {entry.Name}, of which the catalogue says nothing");
            default:
                return OfKeys(Keys(home.Rule, Encoding.UTF8.GetString(key)), partition);
        }
    }

    /// <summary>Partitions of the new number into which one of the old number splits.</summary>
    public IReadOnlyList<int> Descendants(int partition) => [.. Enumerable.Range(0, to / from).Select(step => partition + (step * from))];

    /// <summary>The record keys that an entry's key can come from; usually one.</summary>
    internal static IEnumerable<string> Keys(HomeRule rule, string key) => rule switch
    {
        HomeRule.Key => [key],
        HomeRule.BeforeBar => [Before(key, '|')],
        HomeRule.BeforeUnitSeparator => [Before(key, '\u001f')],
        HomeRule.Claim => ClaimKeys(key),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "no rule for a key"),
    };

    // Several: which of them it was does not show. A partition holds few of them, and too many copies of such an entry do no harm.
    private HomeVerdict OfKeys(IEnumerable<string> keys, int partition)
    {
        var homes = new SortedSet<int>();
        foreach (var bytes in keys.Select(Encoding.UTF8.GetBytes).Where(bytes => Murmur2.PartitionOf(bytes, from) == partition))
            homes.Add(Murmur2.PartitionOf(bytes, to));
        return homes.Count > 0 ? HomeVerdict.In([.. homes]) : HomeVerdict.Unknown("its key belongs to another partition than the one it lies in");
    }

    private HomeVerdict OfLine(byte[] key, ParkedKey line, int partition)
    {
        // A line without letters can no longer be taken back; one by key still holds its key up.
        if (lines(line.Line) is not { Count: > 0 } homes)
            return HomeVerdict.In(Murmur2.PartitionOf(key, from) == partition ? Murmur2.PartitionOf(key, to) : partition);
        if (homes.Any(at => at % from != partition))
            return HomeVerdict.Unknown("its letters have keys of another partition than the one it lies in");
        return homes.Count == 1
            ? HomeVerdict.In([.. homes])
            : HomeVerdict.Unknown("its letters would part: give them back first (./commerce dlq replay, or skip)");
    }

    private static string Before(string key, char separator) => key.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var end ? key[..end] : key;

    // order/platform/orderId, refund/platform/refundId/(orderId or -). Platforms have no slash; ids may.
    private static IEnumerable<string> ClaimKeys(string key)
    {
        const string Order = "order/", Refund = "refund/", NoOrder = "-";
        if (key.StartsWith(Order, StringComparison.Ordinal))
        {
            yield return key[Order.Length..];
            yield break;
        }

        if (!key.StartsWith(Refund, StringComparison.Ordinal) || key.IndexOf('/', Refund.Length) is not (>= 0 and var slash))
            yield break;
        var platform = key[Refund.Length..slash];
        var ids = key[(slash + 1)..];
        for (var cut = ids.IndexOf('/', StringComparison.Ordinal); cut >= 0; cut = ids.IndexOf('/', cut + 1))
        {
            var order = ids[(cut + 1)..];
            yield return $"{platform}/{(order == NoOrder ? ids[..cut] : order)}";
            if (order == NoOrder)
                yield return $"{platform}/{NoOrder}";
        }
    }
}
