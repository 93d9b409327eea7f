using System.Text.Json;
using Commerce.Orders;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Reads the properties of "Order Completed" (Segment Ecommerce v2).</summary>
internal static class OrderReader
{
    public const string EventName = "Order Completed";
    private const int CouponLengthMax = 100;

    public static Fault? Read(JsonElement properties, SourceProfile source, EventRules rules, out Order order)
    {
        order = null!;
        if (OrderFields.ReadId(properties.Member("order_id"u8), "order_id", rules.Pseudonymizer, out var orderId) is { } idFault)
            return idFault;
        if (orderId is null)
            return new Fault(Reasons.MissingOrderId, "order_id is missing");
        if (OrderFields.ReadCurrency(properties, source, out var currency) is { } currencyFault)
            return currencyFault;
        if (OrderLines.Read(properties, rules.Options.OrderLinesMax, rules.Pseudonymizer, out var lines, out var priced) is { } linesFault)
            return linesFault;
        if (Amounts.Read(properties, out var amounts) is { } amountsFault)
            return amountsFault;

        var discount = amounts.Discount ?? lines.Sum(line => line.Discount);
        if (!Money.Fits(discount))
            return new Fault(Reasons.InvalidAmount, "the order's discounts are together beyond 15 digits");
        if (Revenue(amounts, lines, priced, discount, out var revenue) is { } revenueFault)
            return revenueFault;
        order = new Order
        {
            OrderId = orderId,
            Currency = currency,
            Revenue = revenue,
            Tax = amounts.Tax ?? 0,
            Shipping = amounts.Shipping ?? 0,
            Discount = discount,
            Coupon = properties.Member("coupon"u8).Prose(CouponLengthMax),
            Lines = lines,
        };
        return null;
    }

    /// <summary>
    /// What the customer owes. <c>total</c> says it; <c>revenue</c> is by Segment's definition without shipping and tax; without
    /// either it is Σ price × quantity − discount + shipping + tax.
    /// </summary>
    private static Fault? Revenue(in Amounts amounts, IReadOnlyList<OrderLine> lines, bool priced, decimal discount, out decimal revenue)
    {
        var extras = (amounts.Shipping ?? 0) + (amounts.Tax ?? 0);
        revenue = amounts.Total ?? (amounts.Revenue + extras) ?? (OrderLines.Gross(lines) - discount + extras);
        if (amounts.Total is null && amounts.Revenue is null)
        {
            if (lines.Count == 0)
                return new Fault(Reasons.MissingTotal, "there is neither total nor revenue nor a product");
            if (!priced)
                return new Fault(Reasons.MissingPrice, "there is neither total nor revenue, and a product has no price");
        }

        if (revenue < 0)
            return new Fault(Reasons.NegativeTotal, "the order's total is below zero");
        return Money.Fits(revenue) ? null : new Fault(Reasons.InvalidAmount, "the order's total is beyond 15 digits");
    }

    private readonly record struct Amounts(decimal? Total, decimal? Revenue, decimal? Tax, decimal? Shipping, decimal? Discount)
    {
        public static Fault? Read(JsonElement properties, out Amounts amounts)
        {
            amounts = default;
            if (Money.Read(properties.Member("total"u8), "total", out var total) is { } totalFault)
                return totalFault;
            if (Money.Read(properties.Member("revenue"u8), "revenue", out var revenue) is { } revenueFault)
                return revenueFault;
            if (Money.Read(properties.Member("tax"u8), "tax", out var tax) is { } taxFault)
                return taxFault;
            if (Money.Read(properties.Member("shipping"u8), "shipping", out var shipping) is { } shippingFault)
                return shippingFault;
            if (Money.Read(properties.Member("discount"u8), "discount", out var discount) is { } discountFault)
                return discountFault;
            if (tax < 0 || shipping < 0)
                return new Fault(Reasons.InvalidAmount, "tax or shipping is below zero");
            if (discount < 0)
                return new Fault(Reasons.NegativeDiscount, "discount is below zero");
            amounts = new Amounts(total, revenue, tax, shipping, discount);
            return null;
        }
    }
}
