using System.Globalization;
using System.Text.Json;

namespace Commerce.Streaming.ShopEvents;

/// <summary>Writes calls as Segment's HTTP tracking API spells them (Ecommerce v2 names), straight to UTF-8.</summary>
public static class ShopCallWriter
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static void Write(Utf8JsonWriter json, ShopCall call)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, TypeOf(call));
        if (EventOf(call) is { } name)
            json.WriteString("event"u8, name);
        json.WriteString("messageId"u8, call.MessageId);
        WriteTime(json, call.Timestamp);
        if (call.UserId is { } userId)
            json.WriteString("userId"u8, userId);
        json.WriteString("anonymousId"u8, call.AnonymousId);
        WriteContext(json, call);
        WriteBody(json, call);
        json.WriteEndObject();
    }

    private static string TypeOf(ShopCall call) => call switch
    {
        IdentifyCall => "identify",
        PageCall => "page",
        _ => "track",
    };

    private static string? EventOf(ShopCall call) => call switch
    {
        OrderCompletedCall => "Order Completed",
        OrderRefundedCall => "Order Refunded",
        StockReceivedCall => "Stock Received",
        StockAdjustedCall => "Stock Adjusted",
        TrackCall track => track.Event,
        _ => null,
    };

    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset time)
    {
        Span<char> text = stackalloc char[24];
        time.UtcDateTime.TryFormat(text, out var length, TimestampFormat, CultureInfo.InvariantCulture);
        json.WriteString("timestamp"u8, text[..length]);
    }

    private static void WriteContext(Utf8JsonWriter json, ShopCall call)
    {
        var page = call as PageCall;
        if (call.Consent is null && page is null)
            return;
        json.WriteStartObject("context"u8);
        if (call.Consent is { } consent)
        {
            json.WriteStartObject("consent"u8);
            json.WriteStartObject("categoryPreferences"u8);
            json.WriteBoolean("analytics"u8, consent.Analytics);
            json.WriteBoolean("advertising"u8, consent.Advertising);
            json.WriteBoolean("personalization"u8, consent.Personalization);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        if (page is not null)
            WriteVisit(json, page);
        json.WriteEndObject();
    }

    private static void WriteVisit(Utf8JsonWriter json, PageCall page)
    {
        json.WriteStartObject("page"u8);
        json.WriteString("url"u8, page.Url);
        json.WriteString("title"u8, page.Title);
        if (page.Referrer is { } referrer)
            json.WriteString("referrer"u8, referrer);
        json.WriteEndObject();
        if (page.Campaign is not { } campaign)
            return;
        json.WriteStartObject("campaign"u8);
        json.WriteString("source"u8, campaign.Source);
        json.WriteString("medium"u8, campaign.Medium);
        if (campaign.Name is { } name)
            json.WriteString("name"u8, name);
        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, ShopCall call)
    {
        switch (call)
        {
            case IdentifyCall identify:
                json.WriteStartObject("traits"u8);
                json.WriteString("email"u8, identify.Email);
                WriteOptional(json, "country"u8, identify.Country);
                json.WriteEndObject();
                return;
            case PageCall page:
                json.WriteString("name"u8, page.Title);
                json.WriteStartObject("properties"u8);
                json.WriteEndObject();
                return;
        }

        json.WriteStartObject("properties"u8);
        WriteProperties(json, call);
        json.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter json, ShopCall call)
    {
        switch (call)
        {
            case OrderCompletedCall order:
                json.WriteString("order_id"u8, order.OrderId);
                json.WriteString("currency"u8, order.Currency);
                json.WriteNumber("total"u8, order.Total);
                WriteAmount(json, "shipping"u8, order.Shipping);
                WriteAmount(json, "tax"u8, order.Tax);
                WriteAmount(json, "discount"u8, order.Discount);
                WriteOptional(json, "country"u8, order.Country);
                WriteLines(json, order.Lines);
                break;
            case OrderRefundedCall refund:
                json.WriteString("refund_id"u8, refund.RefundId);
                WriteOptional(json, "order_id"u8, refund.OrderId);
                json.WriteString("currency"u8, refund.Currency);
                json.WriteNumber("total"u8, refund.Total);
                WriteLines(json, refund.Lines);
                break;
            case StockReceivedCall receipt:
                WriteStock(json, receipt.Sku, receipt.Quantity, receipt.Reference);
                break;
            case StockAdjustedCall adjustment:
                WriteStock(json, adjustment.Sku, adjustment.Quantity, adjustment.Reference);
                break;
            case TrackCall track:
                foreach (var (name, value) in track.Properties)
                    WriteScalar(json, name, value);
                break;
            default:
                throw new ArgumentException($"No JSON for {call.GetType().Name}.", nameof(call));
        }
    }

    private static void WriteLines(Utf8JsonWriter json, IReadOnlyList<ProductLine> lines)
    {
        json.WriteStartArray("products"u8);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            json.WriteStartObject();
            json.WriteNumber("line"u8, line.Line);
            json.WriteString("product_id"u8, line.Sku);
            json.WriteString("sku"u8, line.Sku);
            WriteOptional(json, "name"u8, line.Name);
            WriteOptional(json, "category"u8, line.Category);
            json.WriteNumber("price"u8, line.Price);
            json.WriteNumber("quantity"u8, line.Quantity);
            WriteAmount(json, "discount"u8, line.Discount);
            if (!line.Stocked)
                json.WriteBoolean("stocked"u8, false);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteStock(Utf8JsonWriter json, string sku, int quantity, string reference)
    {
        json.WriteString("sku"u8, sku);
        json.WriteNumber("quantity"u8, quantity);
        json.WriteString("reference"u8, reference);
    }

    private static void WriteAmount(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal amount)
    {
        if (amount != 0m)
            json.WriteNumber(name, amount);
    }

    private static void WriteOptional(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            json.WriteString(name, value);
    }

    private static void WriteScalar(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case string text: json.WriteString(name, text); break;
            case decimal number: json.WriteNumber(name, number); break;
            case int number: json.WriteNumber(name, number); break;
            case bool flag: json.WriteBoolean(name, flag); break;
            default: throw new ArgumentException($"Property {name} is not a scalar.", nameof(value));
        }
    }
}
