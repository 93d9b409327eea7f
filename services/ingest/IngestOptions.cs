using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Ingest;

/// <summary>Limits and rules of the collection API.</summary>
public sealed class IngestOptions
{
    public const string Section = "Ingest";

    /// <summary>Largest request body, after decompression.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int BodyBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Largest single event. Kept below Kafka's usual message limit of 1 MiB.</summary>
    [Range(1024, 900 * 1024)]
    public int EventBytesMax { get; init; } = 512 * 1024;

    /// <summary>Most events in one batch.</summary>
    [Range(1, 100_000)]
    public int BatchEventsMax { get; init; } = 2_500;

    /// <summary>Bytes of all request bodies that are being worked on; more is answered 429.</summary>
    [Range(1024 * 1024, 4L * 1024 * 1024 * 1024)]
    public long InFlightBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Seconds that Kafka has to acknowledge before the answer is 503.</summary>
    [Range(1, 300)]
    public int DeliverySecondsMax { get; init; } = 15;

    /// <summary>Seconds that a client is asked to wait in Retry-After.</summary>
    [Range(1, 600)]
    public int RetryAfterSeconds { get; init; } = 2;

    /// <summary>
    /// A sender's clock that differs by no more than this from ours is believed: the difference is the way here, and an event time
    /// that a shop states exactly stays exact.
    /// </summary>
    [Range(0, 3600)]
    public double ClockToleranceSeconds { get; init; } = 5;

    /// <summary>An event time up to this far ahead of receipt is taken for the time of receipt; one further ahead is quarantined.</summary>
    [Range(0, 24 * 365)]
    public double FutureHoursMax { get; init; } = 24;

    /// <summary>Event times before this year come from a broken clock.</summary>
    [Range(1970, 2100)]
    public int YearMin { get; init; } = 2000;

    /// <summary>Most lines of an order or refund.</summary>
    [Range(1, 100_000)]
    public int OrderLinesMax { get; init; } = 10_000;

    /// <summary>Origins of browsers that may send, <c>*</c> for all: write keys are public, they only let one write.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    /// <summary>JSON file with more sources, in the form of the section Sources; read at the start. Empty for none.</summary>
    public string SourcesFile { get; init; } = "";
}
