using System.Text.Json;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Fields that orders and refunds share.</summary>
internal static class OrderFields
{
    /// <summary>An id as it may be kept: an address in it becomes its pseudonym, wherever the id is used again.</summary>
    public static Fault? ReadId(JsonElement json, string field, Pseudonymizer pseudonymizer, out string? id)
    {
        id = json.Scalar();
        if (id is not null && Text.IsId(id))
            id = pseudonymizer.Reference(id);
        return id is null || Text.IsId(id)
            ? null
            : new Fault(Reasons.InvalidId, $"{field} is longer than {Text.IdLengthMax} characters or has control characters");
    }

    public static Fault? ReadCurrency(JsonElement properties, SourceProfile source, out string currency)
    {
        currency = properties.Member("currency"u8).Scalar()?.ToUpperInvariant() ?? source.Currency;
        return Currencies.IsKnown(currency) ? null : new Fault(Reasons.InvalidCurrency, "currency is not an ISO 4217 code");
    }
}
