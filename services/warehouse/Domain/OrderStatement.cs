using Commerce.Orders;

namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>An order as one message stated it.</summary>
internal sealed record OrderStatement : Statement
{
    public OrderStatement(OrderCompleted record, int partition, long offset)
    {
        Record = record;
        Partition = partition;
        Offset = offset;
        OrderKey = NaturalKeys.Order(Platform, record.Order.OrderId);
        DateKey = ShopCalendar.DateKey(record.Timestamp, record.Source.TimeZone);
        ItemCount = record.Order.Lines.Sum(line => (long)line.Quantity);
    }

    public OrderCompleted Record { get; }
    public int Partition { get; }
    public long Offset { get; }
    public string OrderKey { get; }
    public int DateKey { get; }
    public long ItemCount { get; }
    public Order Order => Record.Order;
    public string Platform => Record.Source.Platform;

    public override void AddTo(BatchRows rows)
    {
        rows.Staged.TryAdd((OrderKey, Record.Source.Id, Record.MessageId), this);
        // The first statement of an order in its partition holds, here as in attribution and inventory: so all agree on what it is worth.
        rows.Orders.TryAdd(OrderKey, this);
        rows.Touch(Record.ProfileId, Platform, Record.UserId, Record.Timestamp);
        foreach (var line in Order.Lines)
            rows.Observe(Platform, line, Order.Currency, Record.Timestamp);
    }
}
