namespace Commerce.Streaming.AvroCompatibility;

/// <summary>The types of the Avro 1.12 specification; errors of a protocol count as records.</summary>
public enum AvroType
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Array,
    Map,
    Union,
    Fixed,
    Enum,
    Record,
}

internal static class AvroTypes
{
    private static readonly Dictionary<string, AvroType> Primitives = new(StringComparer.Ordinal)
    {
        ["null"] = AvroType.Null,
        ["boolean"] = AvroType.Boolean,
        ["int"] = AvroType.Int,
        ["long"] = AvroType.Long,
        ["float"] = AvroType.Float,
        ["double"] = AvroType.Double,
        ["bytes"] = AvroType.Bytes,
        ["string"] = AvroType.String,
    };

    public static bool TryPrimitive(string name, out AvroType type) => Primitives.TryGetValue(name, out type);

    /// <summary>The name as a schema spells it.</summary>
    public static string Spelling(this AvroType type) => type.ToString().ToLowerInvariant();
}
