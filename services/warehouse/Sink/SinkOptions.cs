using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>How the sink cuts batches and waits.</summary>
public sealed class SinkOptions
{
    public const string Section = "Sink";

    /// <summary>Consumer group; offsets in the database are kept under this name.</summary>
    [Required]
    public string GroupId { get; init; } = "commerce.warehouse.sink";

    /// <summary>After this without a heartbeat the group gives a member's partitions to others: how long those of a killed process wait.</summary>
    [Range(6_000, 300_000)]
    public int SessionTimeoutMs { get; init; } = 10_000;

    /// <summary>Most records of a batch: one transaction.</summary>
    [Range(1, 100_000)]
    public int BatchRecordsMax { get; init; } = 10_000;

    /// <summary>A batch takes no further record once its values have this many bytes: bounds memory and the time of a transaction.</summary>
    [Range(1, 256 << 20)]
    public int BatchBytesMax { get; init; } = 4 << 20;

    /// <summary>How long a batch waits for further records after its first, in milliseconds.</summary>
    [Range(0, 10_000)]
    public int LingerMs { get; init; } = 100;

    /// <summary>First wait after a failure that may pass (Postgres or the registry away), in milliseconds; doubles with each.</summary>
    [Range(1, 60_000)]
    public int RetryDelayMs { get; init; } = 100;

    /// <summary>Longest wait after a failure that may pass, in milliseconds.</summary>
    [Range(1, 600_000)]
    public int RetryDelayMaxMs { get; init; } = 5_000;

    /// <summary>Largest value that is copied into a dead letter, in bytes; a larger one is left out, its place in the log is not.</summary>
    [Range(0, 900_000)]
    public int DeadLetterValueBytesMax { get; init; } = 900_000;

    /// <summary>
    /// Largest share of the sink's time that daily and weekly aggregates may take. Above it they are put off and follow when there is
    /// time; below it they change in the transaction of their orders.
    /// </summary>
    [Range(0.01, 1)]
    public double AggregateTimeShare { get; init; } = 0.25;
}
