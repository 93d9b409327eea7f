using Commerce.Streaming.ShopEvents;
using NodaTime;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>
/// Every call that a file means, in event-time order. The order is total and depends on file and options alone, so that a
/// position in it can be remembered and resumed.
/// </summary>
public sealed class RetailPlan
{
    private readonly Slot[] _slots;
    private readonly CallFactory _factory;

    private RetailPlan(RetailFile file, Slot[] slots, CallFactory factory, PlanSummary summary)
    {
        File = file;
        _slots = slots;
        _factory = factory;
        Summary = summary;
    }

    public RetailFile File { get; }
    public PlanSummary Summary { get; }
    public int Count => _slots.Length;

    /// <summary>Builds one call; cheap, so nothing but the order is held in memory.</summary>
    public ShopCall this[int position] => _factory.Build(_slots[position]);

    public DateTimeOffset TimeOf(int position) => _slots[position].Time.ToDateTimeOffset();

    /// <summary>True for a call that is no shop event: the API must refuse it and keep it in quarantine.</summary>
    public bool IsBookkeeping(int position) => _slots[position].Content is Bookkeeping;

    public static RetailPlan For(RetailFile file, RetailOptions options)
    {
        var clock = new ShopClock(options.TimeZone);
        var people = new People(options.Seed);
        var slots = new List<Slot>(file.Invoices.Count * 4);
        var summary = new PlanSummary();

        foreach (var receipt in StockReceipts.For(file.Invoices))
            slots.Add(new Slot(clock.ToUtc(receipt.Time), Rank.Receipt, receipt.Before, 0, receipt));
        summary.Receipts = slots.Count;

        var returns = new Returns();
        var identified = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < file.Invoices.Count; i++)
        {
            var invoice = file.Invoices[i];
            var time = clock.ToUtc(invoice.Time);
            if (invoice.CustomerId is { } customer && identified.Add(customer))
                slots.Add(new Slot(time, Rank.Identify, i, 0, new Introduction(invoice)));
            AddInvoice(slots, invoice, time, i, returns, summary);
            if (options.WithTouches && InvoiceRules.KindOf(invoice) == InvoiceKind.Order)
                AddVisits(slots, invoice, time, i, options.Seed, summary);
        }
        summary.Customers = identified.Count;

        var ordered = slots.ToArray();
        Array.Sort(ordered);
        return new RetailPlan(file, ordered, new CallFactory(file, options, people), summary);
    }

    private static void AddInvoice(List<Slot> slots, Invoice invoice, Instant time, int at, Returns returns, PlanSummary summary)
    {
        switch (InvoiceRules.KindOf(invoice))
        {
            case InvoiceKind.Order:
                returns.Ordered(invoice);
                slots.Add(new Slot(time, Rank.Invoice, at, 0, invoice));
                summary.Orders++;
                summary.OrderLines += invoice.Lines.Count(InvoiceRules.IsSold);
                AddAdjustments(slots, invoice, time, at, InvoiceRules.IsReturned, summary);
                break;
            case InvoiceKind.StockAdjustment:
                AddAdjustments(slots, invoice, time, at, _ => true, summary);
                break;
            case InvoiceKind.Refund:
                var part = 0;
                foreach (var refund in returns.Refunded(invoice))
                    slots.Add(new Slot(time, Rank.Invoice, at, part++, refund));
                summary.RefundInvoices += part > 0 ? 1 : 0;
                summary.RefundParts += part;
                if (!invoice.Lines.All(InvoiceRules.IsReturned))
                    AddBookkeeping(slots, invoice, time, at, part, summary);
                break;
            default:
                AddBookkeeping(slots, invoice, time, at, 0, summary);
                break;
        }
    }

    private static void AddAdjustments(
        List<Slot> slots, Invoice invoice, Instant time, int at, Func<InvoiceLine, bool> applies, PlanSummary summary)
    {
        for (var i = 0; i < invoice.Lines.Count; i++)
        {
            var line = invoice.Lines[i];
            if (!applies(line) || line.Quantity == 0)
                continue;
            if (Goods.IsStocked(line.StockCode))
            {
                slots.Add(new Slot(time, Rank.Invoice, at, i + 1, new Adjustment(invoice, i + 1, line)));
                summary.Adjustments++;
            }
            else
            {
                summary.AdjustmentsWithoutStock++;
            }
        }
    }

    private static void AddBookkeeping(List<Slot> slots, Invoice invoice, Instant time, int at, int part, PlanSummary summary)
    {
        slots.Add(new Slot(time, Rank.Invoice, at, part, new Bookkeeping(invoice)));
        summary.AccountingInvoices++;
    }

    private static void AddVisits(List<Slot> slots, Invoice order, Instant time, int at, int seed, PlanSummary summary)
    {
        foreach (var visit in Touches.Before(order, time, seed))
        {
            slots.Add(new Slot(visit.Time, Rank.Visit, at, visit.Number, visit));
            summary.Visits++;
        }
    }
}

/// <summary>How many calls of each kind a plan holds.</summary>
public sealed record PlanSummary
{
    public int Orders { get; set; }
    public int OrderLines { get; set; }
    public int RefundInvoices { get; set; }

    /// <summary>Refund calls: one for each order that a credit note touches, one for the rest.</summary>
    public int RefundParts { get; set; }
    public int Adjustments { get; set; }

    /// <summary>Adjustments of codes that are not goods: nothing to send.</summary>
    public int AdjustmentsWithoutStock { get; set; }

    /// <summary>Invoices that must end in quarantine.</summary>
    public int AccountingInvoices { get; set; }
    public int Receipts { get; set; }
    public int Visits { get; set; }
    public int Customers { get; set; }
}
