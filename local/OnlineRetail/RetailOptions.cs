namespace Commerce.Streaming.OnlineRetail;

/// <summary>How a file becomes calls. Two replays with the same file and options make the same calls.</summary>
public sealed record RetailOptions
{
    public const int DefaultSeed = 20101201;

    /// <summary>Seed of everything made up: devices, consent, visits.</summary>
    public int Seed { get; init; } = DefaultSeed;

    /// <summary>Make up visits before orders.</summary>
    public bool WithTouches { get; init; } = true;

    /// <summary>IANA zone of the shop's clock.</summary>
    public string TimeZone { get; init; } = "Europe/London";
    public string Currency { get; init; } = "GBP";
    public string ShopUrl { get; init; } = "https://shop.example.org";
}
