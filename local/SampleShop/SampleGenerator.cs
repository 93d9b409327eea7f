using System.Globalization;
using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.SampleShop;

/// <summary>Makes the sample shop: what is sent, and what must come of it.</summary>
public static class SampleGenerator
{
    public static SampleData Generate(SampleOptions options)
    {
        var clock = new ShopClock(SampleOptions.TimeZone);
        var ids = new MessageIds(string.Create(CultureInfo.InvariantCulture, $"{SampleOptions.Platform}/{options.Seed}"));
        var people = Shopper.Everybody(options);
        var timeline = new Timeline();
        foreach (var shopper in people)
            new ShopperLife(shopper, options, clock, ids, timeline).Live();
        var backOffice = new BackOffice(options, clock, ids, timeline);
        backOffice.Refund([.. timeline.Calls<OrderCompletedCall>().DistinctBy(order => order.MessageId)]);
        backOffice.KeepStock();
        Mistakes.Add(timeline, ids, clock.ToUtc(options.Start.AtMidnight()).ToDateTimeOffset(), options.Days);
        var entries = timeline.InOrder();
        return new SampleData(
            [.. entries.Select(SampleEvent.Of)],
            new TruthBuilder(options, people, entries, timeline).Build());
    }
}

/// <summary>A sample shop.</summary>
public sealed record SampleData(IReadOnlyList<SampleEvent> Events, SampleTruth Truth);
