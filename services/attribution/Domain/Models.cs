namespace Commerce.Streaming.Attribution.Domain;

/// <summary>A rule that weighs touches.</summary>
/// <param name="Name">As credits carry it.</param>
/// <param name="Weigh">Weights of touches in time order (not empty), given how long before the order each was.</param>
public sealed record Model(string Name, Func<IReadOnlyList<TimeSpan>, long[]> Weigh);

/// <summary>The models, in the order in which credits list them. Weights are integers: the same on every machine, and after every replay.</summary>
public static class Models
{
    /// <summary>Half-life of time decay (Google Ads: one week).</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(7);

    private const int FractionBits = 40;

    public static readonly IReadOnlyList<Model> All =
    [
        new("last_touch", LastTouch),
        new("linear", Linear),
        new("position_based", PositionBased),
        new("time_decay", TimeDecay),
    ];

    /// <summary>h[i] = 2^-(1/2^i), by square roots, which IEEE 754 rounds correctly everywhere; Math.Pow may differ in the last bit.</summary>
    private static readonly double[] Halvings = Iterate(0.5, Math.Sqrt, FractionBits);

    private static long[] LastTouch(IReadOnlyList<TimeSpan> ages)
    {
        var weights = new long[ages.Count];
        weights[^1] = 1;
        return weights;
    }

    private static long[] Linear(IReadOnlyList<TimeSpan> ages)
    {
        var weights = new long[ages.Count];
        Array.Fill(weights, 1);
        return weights;
    }

    /// <summary>40 % first, 40 % last, 20 % evenly between: 2(n-2) : 1 : … : 1 : 2(n-2). One touch has all, two have half each.</summary>
    private static long[] PositionBased(IReadOnlyList<TimeSpan> ages)
    {
        var weights = Linear(ages);
        if (weights.Length > 2) weights[0] = weights[^1] = 2 * (weights.Length - 2);
        return weights;
    }

    /// <summary>2^(-age / half-life), scaled by 2^40.</summary>
    private static long[] TimeDecay(IReadOnlyList<TimeSpan> ages) => [.. ages.Select(age => (long)Math.Round(Halved(age) * (1L << FractionBits)))];

    private static double Halved(TimeSpan age)
    {
        var (halvings, rest) = Math.DivRem(age.Ticks, HalfLife.Ticks);
        var result = Math.ScaleB(1.0, -(int)Math.Min(halvings, FractionBits + 1));
        for (var bit = 1; bit < FractionBits && rest > 0; bit++)
        {
            rest *= 2;
            if (rest < HalfLife.Ticks) continue;
            rest -= HalfLife.Ticks;
            result *= Halvings[bit];
        }
        return result;
    }

    private static double[] Iterate(double first, Func<double, double> next, int count)
    {
        var values = new double[count];
        values[0] = first;
        for (var index = 1; index < count; index++) values[index] = next(values[index - 1]);
        return values;
    }
}
