using System.Collections.Frozen;
using System.Text.Json;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>
/// Keeps what is left of properties and traits as text, personal data taken out: by the name of the property, or because the value
/// looks like an e-mail address or phone number. A card number anywhere refuses the event.
/// </summary>
internal readonly struct PropertyReader(bool traits, FrozenSet<string> alreadyRead, bool mayHoldCard)
{
    private const int EntriesMax = 200;
    private const int DepthMax = 4;
    private const int KeyLengthMax = 100;
    private const int ValueLengthMax = 1_000;

    /// <summary>Members of "Order Completed" and "Order Refunded" that became the order or refund.</summary>
    public static readonly FrozenSet<string> OfOrders = FrozenSet.ToFrozenSet(
        ["order_id", "refund_id", "currency", "total", "revenue", "tax", "shipping", "discount", "coupon", "products"], StringComparer.Ordinal);

    /// <summary>Addresses of pages go into fields of their own, without their query strings.</summary>
    public static readonly FrozenSet<string> OfPages = FrozenSet.ToFrozenSet(["url", "referrer", "search"], StringComparer.Ordinal);

    public static readonly FrozenSet<string> None = FrozenSet<string>.Empty;

    /// <summary>Adds the members of <paramref name="json"/> to <paramref name="kept"/>; nested objects with dots in their names.</summary>
    public Fault? Read(JsonElement json, Dictionary<string, string> kept)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var member in json.EnumerateObject())
        {
            var key = member.Name;
            if (mayHoldCard && HoldsCard(key, member.Value, depth: 0))
                return new Fault(Reasons.CardNumber, "a property holds what looks like a card number; it has been masked");
            if (!alreadyRead.Contains(key))
                Keep(key, member.Value, kept, depth: 0);
        }

        return null;
    }

    private void Keep(string key, JsonElement value, Dictionary<string, string> kept, int depth)
    {
        if (kept.Count >= EntriesMax || key.Length > KeyLengthMax || PersonalData.ContainsEmail(key) || (traits ? PersonalKeys.IsPersonalTrait(key) : PersonalKeys.IsPersonal(key)))
            return;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                KeepText(key, value.GetString()!, kept);
                break;
            case JsonValueKind.Number:
                kept[key] = value.GetRawText();
                break;
            case JsonValueKind.True or JsonValueKind.False:
                kept[key] = value.ValueKind == JsonValueKind.True ? "true" : "false";
                break;
            case JsonValueKind.Object when depth < DepthMax:
                foreach (var member in value.EnumerateObject())
                    Keep($"{key}.{member.Name}", member.Value, kept, depth + 1);
                break;
        }
    }

    private static void KeepText(string key, string text, Dictionary<string, string> kept)
    {
        if (PersonalData.LooksLikeEmail(text) || PersonalData.LooksLikePhone(text))
            return;
        var clean = Text.Clean(text, ValueLengthMax);
        if (clean.Length > 0)
            kept[key] = clean;
    }

    private static bool HoldsCard(string key, JsonElement value, int depth) => value.ValueKind switch
    {
        JsonValueKind.String => !PersonalKeys.IsId(key) && CardNumber.IsIn(value.GetString()),
        JsonValueKind.Number => !PersonalKeys.IsId(key) && CardNumber.IsIn(value.GetRawText()),
        JsonValueKind.Array => depth < DepthMax && value.EnumerateArray().Any(item => HoldsCard(key, item, depth + 1)),
        JsonValueKind.Object => depth < DepthMax && value.EnumerateObject().Any(member => HoldsCard(member.Name, member.Value, depth + 1)),
        _ => false,
    };
}
