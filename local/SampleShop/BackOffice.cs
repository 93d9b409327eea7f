using System.Globalization;
using Commerce.Streaming.ShopEvents;
using NodaTime;

namespace Commerce.Streaming.SampleShop;

/// <summary>What the shop's own people do: refunds, deliveries, stock-taking.</summary>
internal sealed class BackOffice(SampleOptions options, ShopClock clock, MessageIds ids, Timeline timeline)
{
    private const string Sender = "sample-shop-back-office";
    private const double RefundShare = 0.08;
    private const int DeliverySize = 40;
    private const int StockTakings = 30;

    private Seeded _draw = Seeded.From(options.Seed, "back office");

    public void Refund(IEnumerable<OrderCompletedCall> orders)
    {
        var number = 0;
        foreach (var order in orders)
        {
            if (!_draw.Chance(RefundShare))
                continue;
            var whole = _draw.Chance(0.4);
            var lines = whole ? order.Lines : [order.Lines[_draw.NextInt(order.Lines.Count)]];
            var amount = whole ? order.Total : lines.Sum(line => (line.Price * line.Quantity) - line.Discount);
            Refund(++number, order.Timestamp.AddDays(2 + _draw.NextInt(12)).AddMinutes(_draw.NextInt(300)), order, order.OrderId, amount, lines);
        }
        // Goodwill: money back that belongs to no order.
        foreach (var order in timeline.Calls<OrderCompletedCall>().Take(2).ToList())
            Refund(++number, order.Timestamp.AddDays(20), order, null, 10m, []);
    }

    /// <summary>Deliveries before anybody would be sold what is not there, and corrections after stock-taking.</summary>
    public void KeepStock()
    {
        foreach (var product in Assortment.Products.Where(product => product.Stocked))
            Receive(product.Sku, DeliverySize + (_draw.NextInt(3) * 20), options.Start.AtMidnight().PlusHours(6), 0);
        for (var i = 1; i <= StockTakings; i++)
            Correct(i);
        Replenish();
    }

    private void Refund(
        int number, DateTimeOffset time, OrderCompletedCall order, string? orderId, decimal amount, IReadOnlyList<ProductLine> lines) =>
        timeline.Add(new OrderRefundedCall
        {
            MessageId = ids.For("refund", number.ToString(CultureInfo.InvariantCulture)),
            Timestamp = time,
            UserId = order.UserId,
            AnonymousId = order.AnonymousId,
            Consent = order.Consent,
            RefundId = string.Create(CultureInfo.InvariantCulture, $"R-{number:d3}"),
            OrderId = orderId,
            Currency = order.Currency,
            Total = amount,
            Lines = lines,
        });

    private void Correct(int number)
    {
        var product = Assortment.Products[_draw.NextInt(Assortment.Products.Count)];
        var quantity = _draw.Chance(0.7) ? -1 - _draw.NextInt(3) : 1 + _draw.NextInt(2);
        var time = options.Start.PlusDays(5 + _draw.NextInt(options.Days - 5)).AtMidnight().PlusHours(20);
        if (!product.Stocked)
            return;
        timeline.Add(new StockAdjustedCall
        {
            MessageId = ids.For("adjustment", number.ToString(CultureInfo.InvariantCulture)),
            Timestamp = clock.ToUtc(time).ToDateTimeOffset(),
            AnonymousId = Sender,
            Sku = product.Sku,
            Quantity = quantity,
            Reference = string.Create(CultureInfo.InvariantCulture, $"stock-taking/{number}"),
        });
    }

    private void Replenish()
    {
        var zone = DateTimeZoneProviders.Tzdb[SampleOptions.TimeZone];
        foreach (var (sku, moves) in StockMoves.BySku(timeline))
        {
            long onHand = 0;
            var number = 0;
            foreach (var (time, quantity) in moves)
            {
                if (onHand + quantity < 0)
                {
                    var morning = Instant.FromDateTimeOffset(time).InZone(zone).Date.AtMidnight().PlusHours(6);
                    Receive(sku, DeliverySize, morning, ++number);
                    onHand += DeliverySize;
                }
                onHand += quantity;
            }
        }
    }

    private void Receive(string sku, int quantity, LocalDateTime time, int number)
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"delivery/{sku}/{number}");
        timeline.Add(new StockReceivedCall
        {
            MessageId = ids.For("receipt", reference),
            Timestamp = clock.ToUtc(time).ToDateTimeOffset(),
            AnonymousId = Sender,
            Sku = sku,
            Quantity = quantity,
            Reference = reference,
        });
    }
}
