namespace Commerce.Streaming.Attribution.Domain;

/// <summary>Splits money so that the parts sum to the whole.</summary>
public static class Split
{
    /// <summary>Digits after the point of every amount.</summary>
    public const int Scale = 4;

    private const decimal UnitsPerWhole = 10_000m;

    /// <summary>
    /// Parts in proportion to <paramref name="weights"/>, in integer arithmetic, by largest remainder (Hamilton): what is left after
    /// rounding towards zero goes unit by unit to the largest remainders, of equal ones to the earlier part. A negative amount
    /// is split like its opposite.
    /// </summary>
    /// <param name="amount">With at most four digits after the point.</param>
    /// <param name="weights">None negative, at least one positive, each below 2^50.</param>
    /// <exception cref="ArgumentException">Weights or amount are not as said.</exception>
    public static decimal[] Exactly(decimal amount, IReadOnlyList<long> weights)
    {
        var scaled = amount * UnitsPerWhole;
        if (decimal.Truncate(scaled) != scaled) throw new ArgumentException($"more than {Scale} digits after the point", nameof(amount));
        var total = weights.Aggregate(Int128.Zero, (sum, weight) => weight >= 0 ? sum + weight : throw new ArgumentException("negative", nameof(weights)));
        if (total == 0) throw new ArgumentException("nothing to split by", nameof(weights));

        var whole = (Int128)Math.Abs(scaled);
        var units = new Int128[weights.Count];
        var remainders = new (Int128 Remainder, int Index)[weights.Count];
        var left = whole;
        for (var index = 0; index < units.Length; index++)
        {
            (units[index], remainders[index].Remainder) = Int128.DivRem(whole * weights[index], total);
            remainders[index].Index = index;
            left -= units[index];
        }
        Array.Sort(remainders, static (one, other) =>
            one.Remainder != other.Remainder ? other.Remainder.CompareTo(one.Remainder) : one.Index.CompareTo(other.Index));
        for (var rank = 0; rank < left; rank++) units[remainders[rank].Index]++;
        return Array.ConvertAll(units, unit => (decimal)unit / UnitsPerWhole * Math.Sign(amount));
    }
}
