namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>The process ends here.</summary>
internal sealed class SimCrashException(string at) : Exception("crash at " + at);

/// <summary>Where and how often things go wrong; silent once healed.</summary>
internal sealed class SimFaults(Random random, double crash, double abort)
{
    private const double Unavailable = 0.005;

    public bool IsHealed { get; set; }

    public void MayCrash(string at)
    {
        if (Happens(crash))
            throw new SimCrashException(at);
    }

    public bool MayAbort() => Happens(abort);

    public bool MayBeUnavailable() => Happens(Unavailable);

    public bool Happens(double probability) => !IsHealed && random.NextDouble() < probability;
}
