using System.Text.Json;
using Commerce.Streaming.EventSender;

namespace Commerce.Streaming.SampleShop.Tests;

public sealed class SampleTests
{
    private const long SizeMax = 2 * 1024 * 1024;
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "shop");
    private static readonly SampleData Sample = SampleGenerator.Generate(new SampleOptions());
    private static readonly SampleTruth Truth = Sample.Truth;

    [Fact]
    public void Checked_in_files_are_what_the_generator_makes()
    {
        SampleFiles.ReadText(Path.Combine(Folder, SampleFiles.EventsName)).ShouldBe(SampleFiles.EventsText(Sample));
        SampleFiles.ReadText(Path.Combine(Folder, SampleFiles.TruthName)).ShouldBe(SampleFiles.TruthText(Sample));
    }

    [Fact]
    public void Checked_in_files_are_small() =>
        Directory.EnumerateFiles(Folder).Sum(file => new FileInfo(file).Length).ShouldBeLessThan(SizeMax);

    [Fact]
    public void Files_read_back_are_the_sample()
    {
        var read = SampleFiles.Read(Folder);

        read.Events.Count.ShouldBe(Sample.Events.Count);
        SampleFiles.TruthText(read).ShouldBe(SampleFiles.TruthText(Sample));
    }

    [Fact]
    public void Another_seed_makes_another_shop() =>
        SampleFiles.EventsText(SampleGenerator.Generate(new SampleOptions { Seed = 1, People = 5, Households = 1 }))
            .ShouldNotBe(SampleFiles.EventsText(SampleGenerator.Generate(new SampleOptions { Seed = 2, People = 5, Households = 1 })));

    [Fact]
    public void Shop_shows_everything_that_the_platform_must_get_right()
    {
        Truth.Orders.Count.ShouldBeGreaterThan(300);
        Truth.People.Count(person => person.Profiles.Count > 1).ShouldBeGreaterThan(5, "people who cannot be recognised everywhere");
        Truth.People.Count(person => person.Profiles[0].Count > 3).ShouldBeGreaterThan(20, "people with several devices");
        Truth.SharedDevices.Count.ShouldBe(6);
        Truth.Orders.Count(order => order.Channel == "unconsented").ShouldBeGreaterThan(10);
        Truth.Orders.Count(order => order.Channel == "direct").ShouldBeGreaterThan(10);
        Truth.Orders.Count(order => order.Touches.Count > 2).ShouldBeGreaterThan(50);
        Truth.Orders.Select(order => order.Channel).Distinct().Count().ShouldBeGreaterThan(7);
        Truth.Orders.Count(order => order.Refunded > 0).ShouldBeGreaterThan(15);
        Truth.Quarantine.Count.ShouldBe(6);
        Sample.Events.Count(sent => sent.Target == CallTarget.Consent).ShouldBeGreaterThan(Truth.People.Count);
        Truth.Totals.Sent.ShouldBeGreaterThan(Truth.Totals.Events + Truth.Totals.Decisions + Truth.Quarantine.Count, "some are sent twice");
    }

    [Fact]
    public void Truth_agrees_with_itself()
    {
        Truth.RevenueByDay.Values.Sum().ShouldBe(Truth.Totals.Revenue);
        Truth.Orders.Sum(order => order.Revenue).ShouldBe(Truth.Totals.Revenue);
        Truth.Orders.ShouldAllBe(order => order.Refunded <= order.Revenue);
        Truth.Stock.Values.ShouldAllBe(units => units >= 0);
        Truth.People.SelectMany(person => person.Profiles).SelectMany(profile => profile).ShouldBeUnique();
    }

    [Fact]
    public void Stock_suffices_whenever_something_is_sold()
    {
        var onHand = new Dictionary<string, int>();
        var seen = new HashSet<string>();
        foreach (var call in Sample.Events.Where(each => each is { Target: CallTarget.Collection, Refusal: null })
            .Select(each => JsonDocument.Parse(each.Call).RootElement)
            .Where(call => seen.Add(call.GetProperty("messageId").GetString()!)))
        {
            foreach (var (sku, units) in Moves(call))
            {
                onHand[sku] = onHand.GetValueOrDefault(sku) + units;
                onHand[sku].ShouldBeGreaterThanOrEqualTo(0, sku);
            }
        }

        onHand.ToDictionary(sku => sku.Key, sku => (long)sku.Value).OrderBy(sku => sku.Key, StringComparer.Ordinal)
            .ShouldBe(Truth.Stock.OrderBy(sku => sku.Key, StringComparer.Ordinal));
    }

    private static IEnumerable<(string Sku, int Units)> Moves(JsonElement call)
    {
        var name = call.TryGetProperty("event", out var value) ? value.GetString() : null;
        if (name is "Stock Received" or "Stock Adjusted")
        {
            var properties = call.GetProperty("properties");
            return [(properties.GetProperty("sku").GetString()!, properties.GetProperty("quantity").GetInt32())];
        }
        if (name is not ("Order Completed" or "Order Refunded"))
            return [];
        var sign = name == "Order Completed" ? -1 : 1;
        return call.GetProperty("properties").GetProperty("products").EnumerateArray()
            .Where(line => !line.TryGetProperty("stocked", out _))
            .Select(line => (line.GetProperty("sku").GetString()!, sign * line.GetProperty("quantity").GetInt32()));
    }
}
