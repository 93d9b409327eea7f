using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>Devices and consent of the shop's people, made up from the seed: the data set knows only customer numbers.</summary>
public sealed class People(int seed)
{
    /// <summary>Share of customers who refuse analytics.</summary>
    public const double CustomerRefusal = 0.08;

    /// <summary>Share of guests who refuse analytics.</summary>
    public const double GuestRefusal = 0.15;

    private const double AdvertisingShare = 0.7;
    private const double PersonalizationShare = 0.8;
    private static readonly double[] DeviceCountWeights = [0.62, 0.3, 0.08];

    private readonly Dictionary<string, Person> _customers = new(StringComparer.Ordinal);

    public static string EmailOf(string customerId) => $"customer-{customerId}@example.org";

    /// <summary>The person behind an invoice: a customer with one to three devices, or a guest met once.</summary>
    public Person Of(Invoice invoice) => invoice.CustomerId is { } id ? Customer(id) : Guest(invoice.Number);

    /// <summary>The device an invoice was made on.</summary>
    public string DeviceOf(Invoice invoice)
    {
        var person = Of(invoice);
        return person.Devices[Seeded.From(seed, "device-of " + invoice.Number).NextInt(person.Devices.Count)];
    }

    private Person Customer(string id)
    {
        if (_customers.TryGetValue(id, out var known))
            return known;
        var draw = Seeded.From(seed, "customer " + id);
        var devices = new string[draw.Pick(DeviceCountWeights) + 1];
        for (var i = 0; i < devices.Length; i++)
            devices[i] = $"device-{draw.Next():x16}";
        var person = new Person(devices, Consent(ref draw, CustomerRefusal));
        _customers.Add(id, person);
        return person;
    }

    private Person Guest(string invoice)
    {
        var draw = Seeded.From(seed, "guest " + invoice);
        return new Person([$"guest-{draw.Next():x16}"], Consent(ref draw, GuestRefusal));
    }

    private static ConsentChoice Consent(ref Seeded draw, double refusal)
    {
        var analytics = !draw.Chance(refusal);
        return new ConsentChoice(analytics, analytics && draw.Chance(AdvertisingShare), analytics && draw.Chance(PersonalizationShare));
    }
}

/// <summary>Somebody who buys.</summary>
public sealed record Person(IReadOnlyList<string> Devices, ConsentChoice Consent);
