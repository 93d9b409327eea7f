using System.Globalization;
using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>Makes the API call of a slot.</summary>
internal sealed class CallFactory(RetailFile file, RetailOptions options, People people)
{
    /// <summary>Sender of stock and accounting events, in which no person takes part.</summary>
    private const string BackOffice = "online-retail-back-office";

    // What the file says has ids of the file; what is made up has ids of file and seed.
    private readonly MessageIds _fileIds = new(file.ContentHash);
    private readonly MessageIds _seededIds = new(string.Create(CultureInfo.InvariantCulture, $"{file.ContentHash}/{options.Seed}"));

    public ShopCall Build(Slot slot)
    {
        var time = slot.Time.ToDateTimeOffset();
        return slot.Content switch
        {
            Invoice order => Order(order, time),
            Refund refund => Refunded(refund, time),
            Adjustment adjustment => Adjusted(adjustment, time),
            Bookkeeping bookkeeping => Booked(bookkeeping.Invoice, time),
            Introduction introduction => Identified(introduction.Invoice, time),
            Visit visit => Visited(visit, time),
            StockReceipt receipt => Received(receipt, time),
            _ => throw new InvalidOperationException($"A slot holds {slot.Content.GetType().Name}."),
        };
    }

    private OrderCompletedCall Order(Invoice invoice, DateTimeOffset time)
    {
        var lines = new List<ProductLine>(invoice.Lines.Count);
        var total = 0m;
        for (var i = 0; i < invoice.Lines.Count; i++)
        {
            var line = invoice.Lines[i];
            if (!InvoiceRules.IsSold(line))
                continue;
            lines.Add(Product(i + 1, line, line.Quantity));
            total += line.Amount;
        }
        return new OrderCompletedCall
        {
            MessageId = _fileIds.For("order", invoice.Number),
            Timestamp = time,
            UserId = invoice.CustomerId,
            AnonymousId = people.DeviceOf(invoice),
            Consent = people.Of(invoice).Consent,
            OrderId = invoice.Number,
            Currency = options.Currency,
            Total = total,
            Country = invoice.Country,
            Lines = lines,
        };
    }

    private OrderRefundedCall Refunded(Refund refund, DateTimeOffset time) => new()
    {
        MessageId = _fileIds.For("refund", $"{refund.Invoice.Number}/{refund.OrderId ?? "-"}"),
        Timestamp = time,
        UserId = refund.Invoice.CustomerId,
        AnonymousId = people.DeviceOf(refund.Invoice),
        Consent = people.Of(refund.Invoice).Consent,
        RefundId = refund.Invoice.Number,
        OrderId = refund.OrderId,
        Currency = options.Currency,
        Total = refund.Amount,
        Lines = [.. refund.Lines.Select(line => Product(line.Number, line.Line, line.Quantity))],
    };

    private StockAdjustedCall Adjusted(Adjustment adjustment, DateTimeOffset time)
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"{adjustment.Invoice.Number}/{adjustment.Number}");
        return new StockAdjustedCall
        {
            MessageId = _fileIds.For("adjustment", reference),
            Timestamp = time,
            AnonymousId = BackOffice,
            Sku = adjustment.Line.StockCode,
            Quantity = adjustment.Line.Quantity,
            Reference = reference,
        };
    }

    private StockReceivedCall Received(StockReceipt receipt, DateTimeOffset time)
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"delivery/{receipt.Sku}/{receipt.Number}");
        return new StockReceivedCall
        {
            MessageId = _fileIds.For("receipt", reference),
            Timestamp = time,
            AnonymousId = BackOffice,
            Sku = receipt.Sku,
            Quantity = receipt.Quantity,
            Reference = reference,
        };
    }

    /// <summary>Sent as it stands, under a name that no tracking plan of a shop has: the API must refuse it and keep it.</summary>
    private TrackCall Booked(Invoice invoice, DateTimeOffset time)
    {
        var line = invoice.Lines[0];
        return new TrackCall
        {
            MessageId = _fileIds.For("accounting", invoice.Number),
            Timestamp = time,
            AnonymousId = BackOffice,
            Event = InvoiceRules.Letter(invoice.Number) == 'A' ? "Bad Debt Adjusted" : "Accounting Adjusted",
            Properties =
            [
                new("invoice_no", invoice.Number),
                new("stock_code", line.StockCode),
                new("description", line.Description),
                new("quantity", line.Quantity),
                new("unit_price", line.UnitPrice),
                new("amount", invoice.Lines.Sum(each => each.Amount)),
                new("lines", invoice.Lines.Count),
                new("customer_id", invoice.CustomerId),
                new("country", invoice.Country),
            ],
        };
    }

    private IdentifyCall Identified(Invoice invoice, DateTimeOffset time) => new()
    {
        MessageId = _fileIds.For("identify", invoice.CustomerId!),
        Timestamp = time,
        UserId = invoice.CustomerId,
        AnonymousId = people.DeviceOf(invoice),
        Consent = people.Of(invoice).Consent,
        Email = People.EmailOf(invoice.CustomerId!),
        Country = invoice.Country,
    };

    private PageCall Visited(Visit visit, DateTimeOffset time) => new()
    {
        MessageId = _seededIds.For("visit", string.Create(CultureInfo.InvariantCulture, $"{visit.Order.Number}/{visit.Number}")),
        Timestamp = time,
        AnonymousId = people.DeviceOf(visit.Order),
        Consent = people.Of(visit.Order).Consent,
        Url = options.ShopUrl + visit.Kind.Path,
        Title = visit.Kind.Title,
        Referrer = visit.Kind.Referrer,
        Campaign = visit.Kind.Campaign,
    };

    private static ProductLine Product(int number, InvoiceLine line, int quantity) => new()
    {
        Line = number,
        Sku = line.StockCode,
        Name = line.Description,
        Price = line.UnitPrice,
        Quantity = quantity,
        Stocked = Goods.IsStocked(line.StockCode),
    };
}
