using System.Text.Json;
using Commerce.Orders;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Reads the properties of "Order Refunded" (Segment Ecommerce v2, with <c>refund_id</c> of ours).</summary>
internal static class RefundReader
{
    public const string EventName = "Order Refunded";

    public static Fault? Read(JsonElement properties, string messageId, SourceProfile source, EventRules rules, out Refund refund)
    {
        refund = null!;
        if (OrderFields.ReadId(properties.Member("order_id"u8), "order_id", rules.Pseudonymizer, out var orderId) is { } orderFault)
            return orderFault;
        if (OrderFields.ReadId(properties.Member("refund_id"u8), "refund_id", rules.Pseudonymizer, out var refundId) is { } refundFault)
            return refundFault;
        if (orderId is null && refundId is null)
            return new Fault(Reasons.MissingOrderId, "there is neither order_id nor refund_id");
        if (OrderFields.ReadCurrency(properties, source, out var currency) is { } currencyFault)
            return currencyFault;
        if (OrderLines.Read(properties, rules.Options.OrderLinesMax, rules.Pseudonymizer, out var lines, out var priced) is { } linesFault)
            return linesFault;
        if (Amount(properties, lines, priced, out var amount) is { } amountFault)
            return amountFault;
        refund = new Refund
        {
            // Segment's own refunds have no id: the message then stands for the refund, so that a repetition stays one refund.
            RefundId = refundId ?? messageId,
            OrderId = orderId,
            Currency = currency,
            Amount = amount,
            Lines = lines,
        };
        return null;
    }

    private static Fault? Amount(JsonElement properties, IReadOnlyList<OrderLine> lines, bool priced, out decimal amount)
    {
        amount = 0;
        if (Money.Read(properties.Member("total"u8), "total", out var total) is { } totalFault)
            return totalFault;
        if (Money.Read(properties.Member("revenue"u8), "revenue", out var revenue) is { } revenueFault)
            return revenueFault;
        if (total is null && revenue is null && (lines.Count == 0 || !priced))
            return new Fault(Reasons.MissingTotal, "there is neither total nor products with prices to say how much was given back");
        amount = total ?? revenue ?? (OrderLines.Gross(lines) - lines.Sum(line => line.Discount));
        if (amount < 0)
            return new Fault(Reasons.NegativeTotal, "the amount given back is below zero");
        return Money.Fits(amount) ? null : new Fault(Reasons.InvalidAmount, "the amount given back is beyond 15 digits");
    }
}
