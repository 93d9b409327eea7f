using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.SampleShop;

/// <summary>One real person.</summary>
public sealed record Shopper
{
    private static readonly double[] DeviceWeights = [0.5, 0.37, 0.13];

    public required int Number { get; init; }
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Device shared with somebody else in the household, the last of <see cref="Devices"/>.</summary>
    public string? SharedDevice { get; init; }

    /// <summary>Becomes a customer with this id at some visit; null for people who never do.</summary>
    public string? UserId { get; init; }

    /// <summary>Known by address: customers and readers of the newsletter.</summary>
    public string? Email { get; init; }

    public required ConsentChoice FirstAnswer { get; init; }

    /// <summary>Takes consent back later.</summary>
    public required bool ChangesMind { get; init; }

    /// <summary>Mean number of visits in the whole time.</summary>
    public required double Interest { get; init; }

    public string Name => $"person-{Number:d3}";

    /// <summary>Signs in on own devices other than the first, or stays a stranger there.</summary>
    public required bool SignsInEverywhere { get; init; }

    public static IReadOnlyList<Shopper> Everybody(SampleOptions options) =>
        [.. Enumerable.Range(1, options.People).Select(number => One(number, options))];

    private static Shopper One(int number, SampleOptions options)
    {
        var draw = Seeded.From(options.Seed, $"shopper {number}");
        var inHousehold = number <= options.Households * 2;
        var devices = new List<string>();
        for (var count = draw.Pick(DeviceWeights) + 1; count > 0; count--)
            devices.Add($"dev-{draw.Next():x16}");
        var shared = inHousehold ? $"dev-shared-{(number + 1) / 2:d2}" : null;
        if (shared is not null)
            devices.Add(shared);
        var kind = draw.NextDouble();
        var isCustomer = inHousehold || kind < 0.62;
        var analytics = draw.Chance(0.84);
        return new Shopper
        {
            Number = number,
            Devices = devices,
            SharedDevice = shared,
            UserId = isCustomer ? $"C{1000 + number}" : null,
            Email = isCustomer || kind < 0.8 ? $"person-{number:d3}@example.org" : null,
            FirstAnswer = new ConsentChoice(analytics, analytics && draw.Chance(0.6), analytics && draw.Chance(0.8)),
            ChangesMind = draw.Chance(0.06),
            Interest = inHousehold ? 10 : 2 + (draw.NextDouble() * draw.NextDouble() * 22),
            SignsInEverywhere = draw.Chance(0.85),
        };
    }
}
