using System.Globalization;
using System.Text.Json;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Reading of JSON values as senders write them: numbers as text, text as numbers, null for absent.</summary>
internal static class JsonFields
{
    public static bool IsAbsent(this JsonElement json) => json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>The member of an object; undefined when there is none or this is no object.</summary>
    public static JsonElement Member(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : default;

    /// <summary>Text or number as text, trimmed; null when absent, empty or of another kind.</summary>
    public static string? Scalar(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!.Trim() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => json.GetRawText(),
        _ => null,
    };

    /// <summary>Text for people, cleaned and cut to <paramref name="lengthMax"/> characters; null when absent or empty.</summary>
    public static string? Prose(this JsonElement json, int lengthMax) =>
        json.Scalar() is { } text && Text.Clean(text, lengthMax) is { Length: > 0 } clean ? clean : null;

    /// <summary>A decimal number, also when it is written as text. False when it is present and no number.</summary>
    public static bool TryNumber(this JsonElement json, out decimal? number)
    {
        number = null;
        if (json.IsAbsent())
            return true;
        if (json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out var value))
            number = value;
        else if (json.ValueKind == JsonValueKind.String && decimal.TryParse(
            json.GetString(), NumberStyles.Float & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value))
            number = value;
        return number is not null;
    }

    /// <summary>A yes or no, also when it is written as text.</summary>
    public static bool? Flag(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(json.GetString(), out var flag) => flag,
        _ => null,
    };
}
