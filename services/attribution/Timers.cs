using Commerce.Streaming.Processing;

namespace Commerce.Streaming.Attribution;

/// <summary>What ends the entries of each store, by the wall clock; the key is the entry's.</summary>
public static class Timers
{
    public static readonly TopologyTimer Owner = TopologyTimer.InProcessingTime("owner");

    public static readonly TopologyTimer Shown = TopologyTimer.InProcessingTime("shown");

    public static readonly TopologyTimer Order = TopologyTimer.InProcessingTime("order");

    public static readonly TopologyTimer Touch = TopologyTimer.InProcessingTime("touch");

    public static readonly TopologyTimer Journey = TopologyTimer.InProcessingTime("journey");
}
