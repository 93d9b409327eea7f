using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Warehouse.Audit;

/// <summary>How the tables are audited.</summary>
internal sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>Rows that another topic completes are looked at when they are older than this.</summary>
    [Range(0, 10_080)]
    public int SettleMinutes { get; init; } = 60;

    /// <summary>Longest time that one check may take, in seconds.</summary>
    [Range(1, 86_400)]
    public int CheckSecondsMax { get; init; } = 900;

    /// <summary>Print the first five cases of what is wrong. They name orders and customers: not for a log that many read.</summary>
    public bool Show { get; init; }

    /// <summary>
    /// What the audit's series are told apart by. The same every night, whatever process or pod it is: the next result goes on where the last
    /// one's series ended. With an instance of its own each, a case that was mended would stand beside the audit that no longer found it.
    /// Installations that share a Prometheus have different ones.
    /// </summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Audit:Instance is empty")]
    public string Instance { get; init; } = "audit";
}
