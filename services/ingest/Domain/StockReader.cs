using System.Text.Json;
using Commerce.Inventory;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Reads "Stock Received" and "Stock Adjusted": sku, quantity, reference.</summary>
internal static class StockReader
{
    public const string ReceivedEventName = "Stock Received";
    public const string AdjustedEventName = "Stock Adjusted";

    public static bool Handles(string eventName) => eventName is ReceivedEventName or AdjustedEventName;

    public static Fault? Read(
        JsonElement properties, string eventName, string messageId, EventTimes times, Pseudonymizer pseudonymizer, in EventContext context, out StockCommand command)
    {
        command = null!;
        var stated = properties.Member("sku"u8) is { } own && own.Scalar() is not null ? own : properties.Member("product_id"u8);
        if (OrderFields.ReadId(stated, "sku", pseudonymizer, out var sku) is { } skuFault)
            return skuFault;
        if (sku is null)
            return new Fault(Reasons.MissingSku, "sku is missing");
        if (OrderFields.ReadId(properties.Member("reference"u8), "reference", pseudonymizer, out var reference) is { } referenceFault)
            return referenceFault;
        if (Quantity.Read(properties.Member("quantity"u8), "quantity", defaultTo: 0, out var quantity) is { } quantityFault)
            return quantityFault;
        if (quantity == 0)
            return new Fault(Reasons.InvalidQuantity, "quantity is missing or zero");
        if (eventName == ReceivedEventName && quantity < 0)
            return new Fault(Reasons.NegativeQuantity, "quantity of received stock is below zero");

        var source = context.Source.Source;
        command = new StockCommand
        {
            // Derived from the message, so that a repeated message is the same command.
            CommandId = $"{source.Id}/{messageId}",
            Platform = source.Platform,
            Sku = sku,
            Kind = eventName == ReceivedEventName ? StockCommandKind.RECEIVE : StockCommandKind.ADJUST,
            Quantity = quantity,
            Reference = reference ?? messageId,
            OccurredAt = times.Timestamp,
            ReceivedAt = context.ReceivedAt,
        };
        return null;
    }
}
