using NodaTime;

namespace Commerce.Streaming.SampleShop;

/// <summary>Size and seed of the sample shop. One set of options gives one shop, to the byte.</summary>
public sealed record SampleOptions
{
    public const string Platform = "sample-shop";
    public const string Currency = "EUR";
    public const string TimeZone = "Europe/Berlin";
    public const string Url = "https://lindenhof.example";

    public int Seed { get; init; } = 4711;
    public int People { get; init; } = 400;
    public int Days { get; init; } = 60;

    /// <summary>First day: summer time begins within the sample.</summary>
    public LocalDate Start { get; init; } = new(2025, 3, 3);

    /// <summary>Pairs of people who share a device.</summary>
    public int Households { get; init; } = 6;
}
