using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Provision;

/// <summary>How topics and schemas are made.</summary>
internal sealed class ProvisionOptions
{
    public const string Section = "Provision";

    /// <summary>Copies of each new topic; -1 leaves it to the broker's default.</summary>
    [Range(-1, 9)]
    public short ReplicationFactor { get; init; } = -1;

    /// <summary>Seconds that a Kafka or registry which does not answer yet is waited for. 0 tries once.</summary>
    [Range(0, 3600)]
    public int WaitSeconds { get; init; }
}
