using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync;

/// <summary>Timers of the pipelines, all by the wall clock.</summary>
public static class Timers
{
    /// <summary>A reservation lapses, or its end is forgotten.</summary>
    public static readonly TopologyTimer Reservation = TopologyTimer.InProcessingTime("reservation");

    /// <summary>An applied command is forgotten.</summary>
    public static readonly TopologyTimer Applied = TopologyTimer.InProcessingTime("applied");

    /// <summary>A claim is forgotten.</summary>
    public static readonly TopologyTimer Claim = TopologyTimer.InProcessingTime("claim");

    /// <summary>The status of a reservation is forgotten.</summary>
    public static readonly TopologyTimer Status = TopologyTimer.InProcessingTime("status");
}
