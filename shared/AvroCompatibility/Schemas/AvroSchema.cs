using System.Text.Json;

namespace Commerce.Streaming.AvroCompatibility;

/// <summary>
/// One node of a parsed schema. Named types are shared: a recursive record contains itself, so equality is by reference.
/// </summary>
public sealed class AvroSchema
{
    internal AvroSchema(AvroType type)
    {
        Type = type;
        IsOpen = type == AvroType.Record;
    }

    public AvroType Type { get; }

    /// <summary>Records declared as <c>error</c> behave as records and keep their spelling.</summary>
    public bool IsError { get; internal init; }

    /// <summary>Set for records, enums and fixed; default otherwise.</summary>
    public AvroName Name { get; internal init; }

    public string? Doc { get; internal init; }

    /// <summary>Former full names of a named type.</summary>
    public IReadOnlyList<AvroName> Aliases { get; internal init; } = [];

    /// <summary>Element type of an array, value type of a map.</summary>
    public AvroSchema? Items { get; internal init; }

    public IReadOnlyList<AvroSchema> Branches { get; internal init; } = [];

    public IReadOnlyList<AvroField> Fields { get; private set; } = [];

    public IReadOnlyList<string> Symbols { get; internal init; } = [];

    public string? EnumDefault { get; internal init; }

    /// <summary>Bytes of a fixed.</summary>
    public int Size { get; internal init; }

    /// <summary>Attributes that Avro does not reserve, in the order written: logicalType, precision, pii and the like.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Properties { get; internal init; } = [];

    /// <summary>True while a record's own fields are being read.</summary>
    internal bool IsOpen { get; private set; }

    internal bool IsNamed => Type is AvroType.Record or AvroType.Enum or AvroType.Fixed;

    internal void Close(IReadOnlyList<AvroField> fields)
    {
        Fields = fields;
        IsOpen = false;
    }

    /// <summary>Parses a schema that stands alone.</summary>
    /// <exception cref="AvroSchemaException">The text is not a valid schema.</exception>
    public static AvroSchema Parse(string json) => new AvroSchemaParser().Parse(json);

    /// <summary>The form that Java's <c>Schema.toString()</c> and so Confluent's registry keep: everything, in fixed order, without spaces.</summary>
    public override string ToString() => AvroSchemaText.Write(this, []);
}

/// <summary>A field of a record. <see cref="Default"/> is null when there is none (a default of JSON null is an element).</summary>
public sealed record AvroField(string Name, AvroSchema Schema)
{
    public string? Doc { get; init; }
    public JsonElement? Default { get; init; }

    /// <summary>ascending, descending or ignore.</summary>
    public string Order { get; init; } = "ascending";

    public IReadOnlyList<string> Aliases { get; init; } = [];
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Properties { get; init; } = [];
}
