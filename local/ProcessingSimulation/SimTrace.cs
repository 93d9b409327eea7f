namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>What happened, as a number: two runs of one seed have the same, bit for bit, or the simulation is not worth much.</summary>
/// <param name="log">Every event in words, for one who looks at a failed seed.</param>
internal sealed class SimTrace(Action<string>? log)
{
    private const ulong FnvPrime = 1_099_511_628_211;
    private const ulong FnvStart = 14_695_981_039_346_656_037;

    public ulong Hash { get; private set; } = FnvStart;

    public long Events { get; private set; }

    public void Add(string what, string where, long number)
    {
        Events++;
        Mix(what);
        Mix(where);
        for (var shift = 0; shift < 64; shift += 8)
            Hash = (Hash ^ (byte)(number >> shift)) * FnvPrime;
        log?.Invoke($"{Events,6} {what} {where} {number}");
    }

    private void Mix(string text)
    {
        foreach (var character in text)
            Hash = (Hash ^ character) * FnvPrime;
    }
}
