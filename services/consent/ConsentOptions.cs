using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Consent;

/// <summary>Limits of the decision API.</summary>
public sealed class ConsentOptions
{
    public const string Section = "Consent";

    /// <summary>Origins of browsers that may send, <c>*</c> for all.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    /// <summary>Largest request body.</summary>
    [Range(1024, 1024 * 1024)]
    public int BodyBytesMax { get; init; } = 64 * 1024;

    /// <summary>Decisions of one subject that are kept in memory to show.</summary>
    [Range(1, 10_000)]
    public int HistoryMax { get; init; } = 50;

    /// <summary>Seconds that Kafka has to acknowledge a request, and as many again for its decision, before the answer is 503.</summary>
    [Range(1, 300)]
    public int DeliverySecondsMax { get; init; } = 15;

    /// <summary>Seconds that a caller is asked to wait in Retry-After.</summary>
    [Range(1, 600)]
    public int RetryAfterSeconds { get; init; } = 2;

    /// <summary>Minutes that a decision's time may lie ahead of ours.</summary>
    [Range(0, 24 * 60)]
    public double FutureMinutesMax { get; init; } = 5;
}
