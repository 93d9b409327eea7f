using System.Globalization;
using Commerce.Streaming.ShopEvents;
using NodaTime;

namespace Commerce.Streaming.SampleShop;

/// <summary>Lives one person's sixty days: visits, sign-ups, sign-ins, answers to the consent question, purchases.</summary>
internal sealed class ShopperLife(Shopper shopper, SampleOptions options, ShopClock clock, MessageIds ids, Timeline timeline)
{
    private const double LateShare = 0.02;
    private const double RepeatedShare = 0.01;
    private static readonly double[] LineCountWeights = [0.42, 0.28, 0.16, 0.09, 0.05];
    private static readonly double[] QuantityWeights = [0.72, 0.2, 0.08];

    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private readonly HashSet<string> _signedIn = new(StringComparer.Ordinal);
    private Seeded _draw = Seeded.From(options.Seed, $"life {shopper.Number}");
    private ConsentChoice _consent = shopper.FirstAnswer;
    private bool _isCustomer;
    private bool _withdrew;
    private int _events;

    public void Live()
    {
        var visits = VisitTimes();
        var signUpAt = visits.Count / 3;
        var withdrawAt = visits.Count * 2 / 3;
        for (var i = 0; i < visits.Count; i++)
        {
            var device = shopper.Devices[_draw.NextInt(shopper.Devices.Count)];
            Visit(visits[i], device, mayBecomeCustomer: i >= signUpAt, withdraws: shopper.ChangesMind && i >= withdrawAt && i > 0);
        }
    }

    private List<DateTimeOffset> VisitTimes()
    {
        var count = Math.Max(1, (int)Math.Round(shopper.Interest * (0.6 + (0.8 * _draw.NextDouble()))));
        var times = new List<DateTimeOffset>();
        for (var i = 0; i < count; i++)
        {
            // People come in the evening more than in the morning: the mean of two draws between 7 and 23 h, shifted.
            var minute = (int)((_draw.NextDouble() + _draw.NextDouble()) / 2 * 16 * 60) + (7 * 60);
            var local = options.Start.PlusDays(_draw.NextInt(options.Days)).AtMidnight().PlusMinutes(minute).PlusSeconds(_draw.NextInt(60));
            times.Add(clock.ToUtc(local).ToDateTimeOffset());
        }
        times.Sort();
        return times;
    }

    private void Visit(DateTimeOffset time, string device, bool mayBecomeCustomer, bool withdraws)
    {
        var isShared = device == shopper.SharedDevice;
        if (isShared)
            SignIn(ref time, device);
        if (_met.Add(device))
            AnswerConsent(time, device, "banner");
        if (withdraws && !_withdrew)
        {
            _withdrew = true;
            time += TimeSpan.FromSeconds(5);
            _consent = new ConsentChoice(false, false, false);
            AnswerConsent(time, device, "preference-centre");
        }
        Land(ref time, device);
        Browse(ref time, device);
        if (!isShared)
            MakeKnown(ref time, device, mayBecomeCustomer);
        if (_draw.Chance(shopper.UserId is null ? 0.1 : 0.22))
            Buy(ref time, device);
    }

    private void AnswerConsent(DateTimeOffset time, string device, string origin)
    {
        var user = UserOn(device);
        timeline.Add(new ConsentDecision(NextId("consent"), time, user, user is null ? device : null, _consent, origin));
    }

    private void Land(ref DateTimeOffset time, string device)
    {
        var source = TrafficSource.All[_draw.Pick(TrafficSource.Weights)];
        // Phones without a network deliver hours later, sometimes after the order that the visit led to.
        var late = _draw.Chance(LateShare) ? TimeSpan.FromMinutes(30 + _draw.NextInt(1200)) : TimeSpan.Zero;
        Send(new PageCall
        {
            MessageId = NextId("page"),
            Timestamp = time,
            UserId = UserOn(device),
            AnonymousId = device,
            Consent = _consent,
            Url = SampleOptions.Url + source.Path,
            Title = source.Path == "/" ? "Home" : CultureInfo.InvariantCulture.TextInfo.ToTitleCase(source.Path[1..]),
            Referrer = source.Referrer,
            Campaign = source.Campaign,
        }, late);
    }

    private void Browse(ref DateTimeOffset time, string device)
    {
        for (var i = _draw.NextInt(4); i > 0; i--)
        {
            time += TimeSpan.FromSeconds(10 + _draw.NextInt(180));
            var product = Assortment.Products[_draw.NextInt(Assortment.Products.Count)];
            Send(new TrackCall
            {
                MessageId = NextId("view"),
                Timestamp = time,
                UserId = UserOn(device),
                AnonymousId = device,
                Consent = _consent,
                Event = "Product Viewed",
                Properties = [new("sku", product.Sku), new("name", product.Name), new("category", product.Category), new("price", product.Price)],
            });
        }
    }

    private void MakeKnown(ref DateTimeOffset time, string device, bool mayBecomeCustomer)
    {
        if (shopper.UserId is not null)
        {
            if ((mayBecomeCustomer && !_isCustomer) || (_isCustomer && !_signedIn.Contains(device) && shopper.SignsInEverywhere))
                SignIn(ref time, device);
        }
        else if (shopper.Email is not null && _signedIn.Add(device))
        {
            // Reads the newsletter: known by address on every device where a letter was opened.
            Identify(ref time, device, null);
        }
    }

    private void SignIn(ref DateTimeOffset time, string device)
    {
        _isCustomer = true;
        if (_signedIn.Add(device))
            Identify(ref time, device, shopper.UserId);
    }

    private void Identify(ref DateTimeOffset time, string device, string? userId)
    {
        time += TimeSpan.FromSeconds(15);
        Send(new IdentifyCall
        {
            MessageId = NextId("identify"),
            Timestamp = time,
            UserId = userId,
            AnonymousId = device,
            Consent = _consent,
            Email = shopper.Email!,
            Country = "DE",
        });
    }

    private void Buy(ref DateTimeOffset time, string device)
    {
        time += TimeSpan.FromSeconds(60 + _draw.NextInt(400));
        var lines = new List<ProductLine>();
        for (var i = _draw.Pick(LineCountWeights) + 1; i > 0; i--)
        {
            var product = Assortment.Products[_draw.NextInt(Assortment.Products.Count)];
            var quantity = _draw.Pick(QuantityWeights) + 1;
            lines.Add(new ProductLine
            {
                Line = lines.Count + 1,
                Sku = product.Sku,
                Name = product.Name,
                Category = product.Category,
                Price = product.Price,
                Quantity = quantity,
                Discount = _draw.Chance(0.1) ? Math.Round(product.Price * quantity / 10, 2) : 0m,
                Stocked = product.Stocked,
            });
        }
        var goods = lines.Sum(line => (line.Price * line.Quantity) - line.Discount);
        var shipping = goods >= 50m ? 0m : 4.90m;
        Send(new OrderCompletedCall
        {
            MessageId = NextId("order"),
            Timestamp = time,
            UserId = UserOn(device),
            AnonymousId = device,
            Consent = _consent,
            OrderId = string.Create(CultureInfo.InvariantCulture, $"L{shopper.Number:d3}-{_events}"),
            Currency = SampleOptions.Currency,
            Total = goods + shipping,
            Shipping = shipping,
            Tax = Math.Round((goods + shipping) * 19 / 119, 2),
            Discount = lines.Sum(line => line.Discount),
            Country = "DE",
            Lines = lines,
        });
    }

    private string? UserOn(string device) => _signedIn.Contains(device) ? shopper.UserId : null;

    private string NextId(string kind) => ids.For(kind, string.Create(CultureInfo.InvariantCulture, $"{shopper.Number}/{++_events}"));

    private void Send(ShopCall call, TimeSpan late = default)
    {
        timeline.Add(call, late);
        // A sender that got no answer sends again: the platform must count it once.
        if (_draw.Chance(RepeatedShare))
            timeline.Add(call, late + TimeSpan.FromSeconds(2 + _draw.NextInt(3600)));
    }
}
