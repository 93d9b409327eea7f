using System.Text.Json;

namespace Commerce.Streaming.Conventions.Tests;

internal static class SchemaRules
{
    /// <summary>none: about no person; pseudonym: keyed hash; identifier: a shop's own key of a person; direct: names a person.</summary>
    public static IReadOnlyList<string> PiiClasses { get; } = ["none", "pseudonym", "identifier", "direct"];

    public static IEnumerable<string> Undescribed(Repository repository)
    {
        foreach (var file in repository.WithExtension(".avsc").Where(file => file.Room == "schemas"))
        {
            using var json = JsonDocument.Parse(file.Text);
            foreach (var fault in Faults(json.RootElement))
                yield return $"{file.Path}: {fault}";
        }
    }

    private static IEnumerable<string> Faults(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Array)
            return schema.EnumerateArray().SelectMany(Faults);
        if (schema.ValueKind != JsonValueKind.Object)
            return [];
        var inner = new[] { "items", "values", "type" }.Where(part => schema.TryGetProperty(part, out _)).SelectMany(part => Faults(schema.GetProperty(part)));
        return OfType(schema).Concat(inner).Concat(Fields(schema).SelectMany(OfField));
    }

    private static IEnumerable<string> OfType(JsonElement schema)
    {
        var type = Text(schema, "type");
        if (type is not ("record" or "enum" or "fixed"))
            yield break;
        var name = $"{Text(schema, "namespace")}.{Text(schema, "name")}";
        if (string.IsNullOrWhiteSpace(Text(schema, "doc")))
            yield return $"{name} has no doc";
        // Without one, a reader stumbles over the first symbol that a newer writer adds.
        if (type == "enum" && Text(schema, "default") is null)
            yield return $"{name} has no default";
    }

    private static IEnumerable<string> OfField(JsonElement field)
    {
        var name = Text(field, "name");
        if (string.IsNullOrWhiteSpace(Text(field, "doc")))
            yield return $"{name} has no doc";
        if (Text(field, "pii") is not { } pii)
            yield return $"{name} has no pii class";
        else if (!PiiClasses.Contains(pii))
            yield return $"{name} has the unknown pii class {pii}";
        foreach (var fault in Faults(field.GetProperty("type")))
            yield return fault;
    }

    private static IEnumerable<JsonElement> Fields(JsonElement schema) =>
        schema.TryGetProperty("fields", out var fields) ? fields.EnumerateArray() : [];

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
