using System.Collections.Frozen;
using System.Text.Json;

namespace Commerce.Streaming.AvroCompatibility;

/// <summary>Reading the attributes of a schema object: those that Avro reserves, and the rest.</summary>
internal static class SchemaAttributes
{
    public static readonly FrozenSet<string> OfSchema = Set("doc", "fields", "items", "name", "namespace", "size", "symbols", "values", "type", "aliases");
    public static readonly FrozenSet<string> OfEnum = Set([.. OfSchema, "default"]);
    public static readonly FrozenSet<string> OfField = Set("default", "doc", "name", "order", "type", "aliases");

    public static string? Text(this JsonElement json, string attribute) =>
        json.TryGetProperty(attribute, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static List<string> Texts(this JsonElement json, string attribute)
    {
        if (!json.TryGetProperty(attribute, out var array))
            return [];
        if (array.ValueKind != JsonValueKind.Array)
            throw new AvroSchemaException($"{attribute} not an array: {json.GetRawText()}");
        return [.. array.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()!
            : throw new AvroSchemaException($"{attribute} not an array of strings: {json.GetRawText()}"))];
    }

    public static List<KeyValuePair<string, JsonElement>> Unreserved(this JsonElement json, FrozenSet<string> reserved) =>
        [.. json.EnumerateObject().Where(p => !reserved.Contains(p.Name)).Select(p => KeyValuePair.Create(p.Name, p.Value))];

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
