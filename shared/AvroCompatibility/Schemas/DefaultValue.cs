using System.Globalization;
using System.Text.Json;

namespace Commerce.Streaming.AvroCompatibility;

/// <summary>Is a JSON default a value of the field's type? (Java's <c>Schema.isValidDefault</c>: in a union any branch may take it.)</summary>
internal static class DefaultValue
{
    /// <summary>Java reads a number given as text for float and double ("NaN" among them).</summary>
    public static JsonElement Read(JsonElement value, AvroSchema schema)
    {
        if (schema.Type is not (AvroType.Float or AvroType.Double) || value.ValueKind != JsonValueKind.String)
            return value;
        if (!double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            throw new AvroSchemaException($"Invalid default: {value.GetRawText()} not a {schema.Type.Spelling()}");
        return double.IsFinite(number) ? JsonElement.Parse(JavaNumber.Format(number)) : value;
    }

    public static void Check(AvroField field)
    {
        if (field.Default is { } value && !IsValid(field.Schema, value))
            throw new AvroSchemaException($"Invalid default for field {field.Name}: {value.GetRawText()} not a {field.Schema}");
    }

    private static bool IsValid(AvroSchema schema, JsonElement value) => schema.Type switch
    {
        AvroType.Null => value.ValueKind == JsonValueKind.Null,
        AvroType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        AvroType.Int => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _) && IsIntegral(value),
        AvroType.Long => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) && IsIntegral(value),
        AvroType.Float or AvroType.Double => value.ValueKind == JsonValueKind.Number || IsNonFinite(value),
        AvroType.Bytes or AvroType.String or AvroType.Fixed or AvroType.Enum => value.ValueKind == JsonValueKind.String,
        AvroType.Array => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => IsValid(schema.Items!, item)),
        AvroType.Map => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(entry => IsValid(schema.Items!, entry.Value)),
        AvroType.Union => schema.Branches.Any(branch => IsValid(branch, value)),
        _ => value.ValueKind == JsonValueKind.Object && !schema.IsOpen && schema.Fields.All(field => IsValid(field, value)),
    };

    /// <summary>A field that the record's default leaves out takes its own, which was checked when that record was read.</summary>
    private static bool IsValid(AvroField field, JsonElement record) =>
        record.TryGetProperty(field.Name, out var given) ? IsValid(field.Schema, given) : field.Default is not null;

    private static bool IsIntegral(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    private static bool IsNonFinite(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is "NaN" or "Infinity" or "-Infinity";
}
