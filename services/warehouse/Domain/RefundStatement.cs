using Commerce.Orders;

namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>A refund as one message stated it.</summary>
internal sealed record RefundStatement : Statement
{
    public RefundStatement(OrderRefunded record)
    {
        Record = record;
        RefundKey = NaturalKeys.Refund(Platform, record.Refund.RefundId, record.Refund.OrderId);
        OrderKey = record.Refund.OrderId is { } orderId ? NaturalKeys.Order(Platform, orderId) : null;
        DateKey = ShopCalendar.DateKey(record.Timestamp, record.Source.TimeZone);
    }

    public OrderRefunded Record { get; }
    public string RefundKey { get; }
    public string? OrderKey { get; }
    public int DateKey { get; }
    public Refund Refund => Record.Refund;
    public string Platform => Record.Source.Platform;

    public override void AddTo(BatchRows rows)
    {
        rows.Refunds.TryAdd(RefundKey, this);
        rows.Touch(Record.ProfileId, Platform, Record.UserId, Record.Timestamp);
    }
}
