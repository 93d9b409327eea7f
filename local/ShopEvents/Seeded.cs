using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Commerce.Streaming.ShopEvents;

/// <summary>
/// Made-up values that depend on a seed and a name only, never on the order in which they are drawn or on the runtime's
/// version: XXH3 of the name starts a SplitMix64 sequence (Steele, Lea, Flood 2014).
/// </summary>
public struct Seeded
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    private Seeded(ulong state) => _state = state;

    public static Seeded From(int seed, string name) =>
        new(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(name.AsSpan()), seed));

    public ulong Next()
    {
        _state += Golden;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int NextInt(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Index drawn in proportion to <paramref name="weights"/>.</summary>
    public int Pick(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
            total += weight;
        var at = NextDouble() * total;
        for (var i = 0; i < weights.Length; i++)
        {
            at -= weights[i];
            if (at < 0)
                return i;
        }
        return weights.Length - 1;
    }
}
