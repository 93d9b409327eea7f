namespace Commerce.Streaming.Processing.Engine;

/// <summary>
/// The part of a key that decides what may run side by side: up to the first <c>|</c>. A record's handler owns the state, and only the
/// state, whose keys have its own key's root; <c>profile</c>, <c>profile|touch</c> and <c>profile|order</c> belong together.
/// </summary>
internal static class KeyRoot
{
    public const char Separator = '|';
    private const uint FnvStart = 2_166_136_261;
    private const uint FnvPrime = 16_777_619;

    public static ReadOnlySpan<char> Of(string key) => key.IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var end ? key.AsSpan(0, end) : key;

    /// <exception cref="TopologyException">The state key is not of the record's root.</exception>
    public static void ThrowIfForeign(string stateKey, string recordKey)
    {
        if (!Of(stateKey).SequenceEqual(Of(recordKey)))
            throw new TopologyException("a topology that runs in parallel by key uses only state whose key is the record's, up to the first '|'");
    }

    /// <summary>The same for a key in every process: a run can be replayed.</summary>
    public static int LaneOf(string key, int lanes)
    {
        var hash = FnvStart;
        foreach (var character in Of(key))
            hash = (hash ^ character) * FnvPrime;
        return (int)(hash % (uint)lanes);
    }
}
