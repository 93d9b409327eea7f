using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commerce.Streaming.Contracts.Generator;

/// <summary>
/// All schemas of a folder: the newest revision of every event (<c>domain/event/vN/R.avsc</c>) and the shared types
/// (<c>types/*.avsc</c>). A schema may name a type that another file defines; <see cref="Expand(string)"/> writes the definition in
/// at its first use, because what goes to a registry must stand alone.
/// </summary>
public sealed class SchemaSet
{
    private readonly SortedDictionary<string, JsonObject> _named = new(StringComparer.Ordinal);
    private readonly List<string> _roots = [];

    /// <summary>Full names of the records that are the values of topics or state, in ordinal order.</summary>
    public IReadOnlyList<string> Roots => _roots;

    /// <summary>Every named type (record, enum, fixed) by full name, as written in its file.</summary>
    public IReadOnlyDictionary<string, JsonObject> Named => _named;

    /// <exception cref="InvalidDataException">A file is not a schema, or two files define one name differently.</exception>
    public static SchemaSet Load(string folder)
    {
        var set = new SchemaSet();
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "types"), "*.avsc").Order(StringComparer.Ordinal))
            set.Add(file);
        foreach (var file in NewestRevisions(folder))
            set._roots.Add(set.Add(file));
        set._roots.Sort(StringComparer.Ordinal);
        return set;
    }

    /// <summary>The newest revision of each event, e.g. <c>orders/order-completed/v1/2.avsc</c> rather than <c>1.avsc</c>.</summary>
    public static IEnumerable<string> NewestRevisions(string folder) =>
        Directory.GetFiles(folder, "*.avsc", SearchOption.AllDirectories)
            .Where(file => int.TryParse(Path.GetFileNameWithoutExtension(file), out _))
            .GroupBy(file => Path.GetDirectoryName(file)!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.MaxBy(file => int.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture))!);

    /// <summary>The schema of <paramref name="fullName"/> with everything it uses defined inside it.</summary>
    public JsonNode Expand(string fullName) => Expand(_named[fullName], new HashSet<string>(StringComparer.Ordinal));

    /// <summary>The same for a schema that is not in the set, such as an earlier revision.</summary>
    public JsonNode Expand(JsonObject schema) => Expand(schema, new HashSet<string>(StringComparer.Ordinal));

    private JsonNode Expand(JsonNode node, HashSet<string> defined)
    {
        switch (node)
        {
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                var name = value.GetValue<string>();
                return _named.TryGetValue(name, out var definition) && !defined.Contains(name) ? Expand(definition, defined) : value.DeepClone();
            case JsonArray union:
                return new JsonArray(union.Select(branch => Expand(branch!, defined)).ToArray<JsonNode?>());
            case JsonObject schema:
                return ExpandObject(schema, defined);
            default:
                throw new InvalidDataException($"not a schema: {node.ToJsonString()}");
        }
    }

    private JsonObject ExpandObject(JsonObject schema, HashSet<string> defined)
    {
        if (FullName(schema) is { } fullName && !defined.Add(fullName)) return schema;
        var copy = (JsonObject)schema.DeepClone();
        foreach (var part in new[] { "items", "values" })
            if (copy[part] is { } inner) copy[part] = Expand(inner, defined);
        if (copy["type"] is JsonObject or JsonArray) copy["type"] = Expand(copy["type"]!, defined);
        if (copy["fields"] is JsonArray fields)
            foreach (var field in fields.OfType<JsonObject>())
                field["type"] = Expand(field["type"]!, defined);
        return copy;
    }

    private string Add(string file)
    {
        var schema = JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new InvalidDataException($"{file}: not a JSON object");
        Collect(schema, file);
        return FullName(schema) ?? throw new InvalidDataException($"{file}: its schema has no name");
    }

    private void Collect(JsonNode? node, string file)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array) Collect(item, file);
                break;
            case JsonObject schema:
                if (FullName(schema) is { } name && !_named.TryAdd(name, schema) && !JsonNode.DeepEquals(_named[name], schema))
                    throw new InvalidDataException($"{file}: {name} is defined elsewhere in another way");
                Collect(schema["items"], file);
                Collect(schema["values"], file);
                Collect(schema["type"], file);
                if (schema["fields"] is JsonArray fields)
                    foreach (var field in fields.OfType<JsonObject>()) Collect(field["type"], file);
                break;
        }
    }

    /// <summary>The full name of a record, enum or fixed; null for anything else. Namespaces are always written out here.</summary>
    public static string? FullName(JsonObject schema) =>
        schema["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String && type.GetValue<string>() is "record" or "enum" or "fixed"
            ? $"{schema["namespace"]?.GetValue<string>() ?? throw new InvalidDataException($"{schema["name"]}: write its namespace out")}.{schema["name"]!.GetValue<string>()}"
            : null;
}
