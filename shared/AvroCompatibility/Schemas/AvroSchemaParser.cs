using System.Text.Json;

namespace Commerce.Streaming.AvroCompatibility;

/// <summary>
/// Parses schemas and remembers the named types it met, so that a text may refer to types of texts parsed before it
/// (schema references). Accepts and refuses what Apache Avro Java 1.12 does, with two rules of the specification that Java
/// lets pass: a name is defined before it is used, and only once.
/// </summary>
public sealed class AvroSchemaParser
{
    /// <summary>Nesting of JSON beyond which a text is refused, so that a hostile one cannot exhaust the stack.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = MaxDepth };

    private readonly Dictionary<string, AvroSchema> _names = new(StringComparer.Ordinal);

    /// <summary>Full names defined so far.</summary>
    public IReadOnlyCollection<string> DefinedNames => _names.Keys;

    /// <summary>Parses one schema text.</summary>
    /// <exception cref="AvroSchemaException">The text is not a valid schema.</exception>
    public AvroSchema Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(json, Json);
            root = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new AvroSchemaException("Not valid JSON: " + e.Message, e);
        }
        return Node(root, null);
    }

    private AvroSchema Node(JsonElement json, string? space) => json.ValueKind switch
    {
        JsonValueKind.String => Reference(json.GetString()!, space),
        JsonValueKind.Array => Union(json, space),
        JsonValueKind.Object => Complex(json, space),
        _ => throw new AvroSchemaException($"Not a schema: {json.GetRawText()}"),
    };

    private AvroSchema Reference(string name, string? space)
    {
        if (AvroTypes.TryPrimitive(name, out var primitive))
            return new AvroSchema(primitive);
        var full = name.Contains('.', StringComparison.Ordinal) || space is null ? name : space + "." + name;
        return _names.TryGetValue(full, out var known) || _names.TryGetValue(name, out known)
            ? known
            : throw new AvroSchemaException($"Undefined name: \"{name}\"");
    }

    private AvroSchema Union(JsonElement json, string? space)
    {
        var branches = new List<AvroSchema>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in json.EnumerateArray())
        {
            var branch = Node(item, space);
            if (branch.Type == AvroType.Union)
                throw new AvroSchemaException($"Nested union: {json.GetRawText()}");
            var key = branch.IsNamed ? branch.Name.FullName : branch.Type.Spelling();
            if (!seen.Add(key))
                throw new AvroSchemaException($"Duplicate in union: {key}");
            branches.Add(branch);
        }
        return new AvroSchema(AvroType.Union) { Branches = branches };
    }

    private AvroSchema Complex(JsonElement json, string? space)
    {
        if (json.Text("type") is not { } type)
            throw new AvroSchemaException($"No type: {json.GetRawText()}");
        if (AvroTypes.TryPrimitive(type, out var primitive))
            return new AvroSchema(primitive) { Properties = json.Unreserved(SchemaAttributes.OfSchema) };
        return type switch
        {
            "record" or "error" => Record(json, space, type == "error"),
            "enum" => Enum(json, space),
            "fixed" => Fixed(json, space),
            "array" => Container(json, space, AvroType.Array, "items"),
            "map" => Container(json, space, AvroType.Map, "values"),
            _ => Reference(type, space),
        };
    }

    private AvroSchema Container(JsonElement json, string? space, AvroType type, string attribute)
    {
        if (!json.TryGetProperty(attribute, out var items))
            throw new AvroSchemaException($"{type} has no {attribute} type: {json.GetRawText()}");
        return new AvroSchema(type) { Items = Node(items, space), Properties = json.Unreserved(SchemaAttributes.OfSchema) };
    }

    private AvroSchema Fixed(JsonElement json, string? space)
    {
        var name = NameOf(json, space);
        if (!json.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Number || !size.TryGetInt32(out var bytes))
            throw new AvroSchemaException($"Invalid or no size: {json.GetRawText()}");
        if (bytes < 0)
            throw new AvroSchemaException($"Size is negative: {bytes}");
        return Define(new AvroSchema(AvroType.Fixed)
        {
            Name = name,
            Doc = json.Text("doc"),
            Aliases = AliasesOf(json, name),
            Size = bytes,
            Properties = json.Unreserved(SchemaAttributes.OfSchema),
        });
    }

    private AvroSchema Enum(JsonElement json, string? space)
    {
        var name = NameOf(json, space);
        if (!json.TryGetProperty("symbols", out var array) || array.ValueKind != JsonValueKind.Array)
            throw new AvroSchemaException($"Enum has no symbols: {json.GetRawText()}");
        var symbols = new List<string>();
        foreach (var item in array.EnumerateArray())
        {
            var symbol = item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText();
            AvroName.Validate(symbol);
            if (symbols.Contains(symbol, StringComparer.Ordinal))
                throw new AvroSchemaException($"Duplicate enum symbol: {symbol}");
            symbols.Add(symbol);
        }
        var enumDefault = json.Text("default");
        if (enumDefault is not null && !symbols.Contains(enumDefault, StringComparer.Ordinal))
            throw new AvroSchemaException($"The enum default {enumDefault} is not one of its symbols [{string.Join(", ", symbols)}]");
        return Define(new AvroSchema(AvroType.Enum)
        {
            Name = name,
            Doc = json.Text("doc"),
            Aliases = AliasesOf(json, name),
            Symbols = symbols,
            EnumDefault = enumDefault,
            Properties = json.Unreserved(SchemaAttributes.OfEnum),
        });
    }

    private AvroSchema Record(JsonElement json, string? space, bool isError)
    {
        var name = NameOf(json, space);
        // Defined before its fields are read: they may name it.
        var record = Define(new AvroSchema(AvroType.Record)
        {
            IsError = isError,
            Name = name,
            Doc = json.Text("doc"),
            Aliases = AliasesOf(json, name),
            Properties = json.Unreserved(SchemaAttributes.OfSchema),
        });
        if (!json.TryGetProperty("fields", out var array) || array.ValueKind != JsonValueKind.Array)
            throw new AvroSchemaException($"Record has no fields: {json.GetRawText()}");
        var fields = new List<AvroField>();
        foreach (var item in array.EnumerateArray())
        {
            var field = Field(item, name);
            if (fields.Exists(other => other.Name == field.Name))
                throw new AvroSchemaException($"Duplicate field {field.Name} in record {name.FullName}");
            fields.Add(field);
        }
        record.Close(fields);
        return record;
    }

    private AvroField Field(JsonElement json, AvroName record)
    {
        if (json.ValueKind != JsonValueKind.Object || json.Text("name") is not { } name)
            throw new AvroSchemaException($"No field name: {json.GetRawText()}");
        AvroName.Validate(name);
        if (!json.TryGetProperty("type", out var type))
            throw new AvroSchemaException($"No type of field {name} in record {record.FullName}");
        var order = json.Text("order")?.ToLowerInvariant() ?? "ascending";
        if (order is not ("ascending" or "descending" or "ignore"))
            throw new AvroSchemaException($"Unknown order \"{order}\" of field {name} in record {record.FullName}");
        var schema = Node(type, record.Namespace);
        var field = new AvroField(name, schema)
        {
            Doc = json.Text("doc"),
            Order = order,
            Aliases = [.. json.Texts("aliases").Distinct(StringComparer.Ordinal)],
            Default = json.TryGetProperty("default", out var value) ? DefaultValue.Read(value, schema) : null,
            Properties = json.Unreserved(SchemaAttributes.OfField),
        };
        DefaultValue.Check(field);
        return field;
    }

    private static AvroName NameOf(JsonElement json, string? space)
    {
        if (json.Text("name") is not { } text)
            throw new AvroSchemaException($"No name in schema: {json.GetRawText()}");
        var name = AvroName.Of(text, json.Text("namespace"), space);
        return name.Namespace is null && AvroTypes.TryPrimitive(name.Name, out _)
            ? throw new AvroSchemaException($"Schemas may not be named after primitives: {name.Name}")
            : name;
    }

    private static List<AvroName> AliasesOf(JsonElement json, AvroName name) =>
        [.. json.Texts("aliases").Select(alias => AvroName.Of(alias, null, name.Namespace)).Distinct()];

    private AvroSchema Define(AvroSchema schema) =>
        _names.TryAdd(schema.Name.FullName, schema)
            ? schema
            : throw new AvroSchemaException($"Can't redefine: {schema.Name.FullName}");
}
