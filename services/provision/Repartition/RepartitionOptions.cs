using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Provision.Repartition;

/// <summary>How partitions are raised.</summary>
internal sealed class RepartitionOptions
{
    public const string Section = "Repartition";

    /// <summary>Seconds during which nothing may be written before it begins: somebody who writes has not been stopped.</summary>
    [Range(0, 600, ErrorMessage = "Repartition:QuietSeconds must be 0 to 600")]
    public int QuietSeconds { get; init; } = 10;

    /// <summary>Seconds to wait for members of consumer groups whose sessions have yet to end, and for open transactions.</summary>
    [Range(0, 3600, ErrorMessage = "Repartition:WaitSeconds must be 0 to 3600")]
    public int WaitSeconds { get; init; } = 90;

    /// <summary>Whether there is a warehouse, whose positions are in PostgreSQL.</summary>
    public bool Warehouse { get; init; } = true;
}

/// <summary>It cannot be done, and nothing was lost; the message is for the operator.</summary>
internal sealed class RepartitionException(string message, Exception? inner = null) : Exception(message, inner);
