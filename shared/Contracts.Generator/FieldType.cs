using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commerce.Streaming.Contracts.Generator;

/// <summary>How one Avro type looks in C#, and how it crosses to what Apache.Avro's specific reader and writer expect.</summary>
/// <param name="CSharp">Property type.</param>
/// <param name="ToAvro">Expression for the writer; <c>{0}</c> is the property.</param>
/// <param name="FromAvro">Expression for the reader; <c>{0}</c> is an <c>object</c>.</param>
public sealed record FieldType(string CSharp, string ToAvro, string FromAvro)
{
    /// <exception cref="InvalidDataException">A type that the contracts do not use.</exception>
    public static FieldType Of(JsonNode node) => node switch
    {
        JsonValue name => OfName(name.GetValue<string>()),
        JsonArray union => OfUnion(union),
        JsonObject schema => OfObject(schema),
        _ => throw new InvalidDataException($"not a schema: {node.ToJsonString()}"),
    };

    private static FieldType OfName(string name) => name switch
    {
        "string" => Plain("string"),
        "int" => Plain("int"),
        "long" => Plain("long"),
        "boolean" => Plain("bool"),
        "double" => Plain("double"),
        "float" => Plain("float"),
        "bytes" => Plain("byte[]"),
        "null" => throw new InvalidDataException("null stands alone only in a union"),
        _ => Plain("global::" + name),
    };

    private static FieldType OfUnion(JsonArray union)
    {
        if (union.Count != 2 || union[0] is not JsonValue first || first.GetValue<string>() != "null")
            throw new InvalidDataException($"only [\"null\", T] unions are used in contracts: {union.ToJsonString()}");
        var inner = Of(union[1]!);
        if (inner.ToAvro == "{0}") return new FieldType(inner.CSharp + "?", "{0}", $"({inner.CSharp}?){{0}}");
        return new FieldType(
            inner.CSharp + "?",
            "{0} is { } present ? " + inner.ToAvro.Replace("{0}", "present", StringComparison.Ordinal) + " : null",
            "{0} is null ? null : " + inner.FromAvro);
    }

    private static FieldType OfObject(JsonObject schema)
    {
        var type = schema["type"]!;
        if (type.GetValueKind() != JsonValueKind.String) return Of(type);
        switch (type.GetValue<string>())
        {
            case "array":
                var item = Of(schema["items"]!);
                RequirePlain(item, schema);
                return new FieldType($"IReadOnlyList<{item.CSharp}>", "AvroValues.List({0})", $"(IReadOnlyList<{item.CSharp}>){{0}}");
            case "map":
                var value = Of(schema["values"]!);
                RequirePlain(value, schema);
                return new FieldType($"IReadOnlyDictionary<string, {value.CSharp}>", "AvroValues.Map({0})", $"(IReadOnlyDictionary<string, {value.CSharp}>){{0}}");
        }
        return schema["logicalType"]?.GetValue<string>() switch
        {
            "timestamp-millis" => new FieldType("DateTimeOffset", "{0}.UtcDateTime", "AvroValues.Instant({0})"),
            "decimal" => new FieldType("decimal", $"AvroValues.Decimal({{0}}, {schema["scale"]!.GetValue<int>()})", "AvroValues.Decimal({0})"),
            null => SchemaSet.FullName(schema) is { } name ? Plain("global::" + name) : OfName(type.GetValue<string>()),
            var other => throw new InvalidDataException($"logical type {other} is not used in contracts"),
        };
    }

    private static void RequirePlain(FieldType inner, JsonObject schema)
    {
        if (inner.ToAvro != "{0}") throw new InvalidDataException($"collections hold plain types or records: {schema.ToJsonString()}");
    }

    private static FieldType Plain(string csharp) => new(csharp, "{0}", $"({csharp}){{0}}");
}
