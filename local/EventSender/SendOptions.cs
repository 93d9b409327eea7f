namespace Commerce.Streaming.EventSender;

/// <summary>Where to send and how much at once. The limits stay well below what the API takes (4 MB and 2,500 events).</summary>
public sealed record SendOptions
{
    public required Uri CollectionUrl { get; init; }

    /// <summary>Needed only for streams with consent decisions.</summary>
    public Uri? ConsentUrl { get; init; }

    /// <summary>Bearer token for the consent API; null sends none.</summary>
    public string? ApiKey { get; init; }
    public required string WriteKey { get; init; }

    public int BatchEventsMax { get; init; } = 1_000;

    /// <summary>A batch is closed at the first event that reaches this size; one event can add up to 512 KB.</summary>
    public int BatchBytesMax { get; init; } = 1 << 20;

    /// <summary>How many times faster than it happened; null for as fast as the API takes it.</summary>
    public double? Speed { get; init; }

    /// <summary>Time for one request.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the API may be away or busy before sending gives up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The same before the API has taken anything: more likely it does not run at all.</summary>
    public TimeSpan FirstPatience { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan RetryDelayMin { get; init; } = TimeSpan.FromMilliseconds(100);
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(5);
}
