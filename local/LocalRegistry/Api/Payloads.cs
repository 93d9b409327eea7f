using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>Body of a registration, lookup or compatibility check. Unknown attributes are ignored.</summary>
internal sealed record SchemaRequest(
    string? Schema,
    string? SchemaType = null,
    IReadOnlyList<SchemaReference>? References = null,
    int? Id = null,
    int? Version = null,
    JsonElement? Metadata = null,
    JsonElement? RuleSet = null)
{
    /// <summary>The same JSON without spaces; null for null.</summary>
    public static string? Compact(JsonElement? json) =>
        json is { ValueKind: not JsonValueKind.Null and not JsonValueKind.Undefined } value
            ? JsonSerializer.Serialize(value, RegistryJson.Readable.JsonElement)
            : null;
}

internal sealed record ErrorAnswer([property: JsonPropertyName("error_code")] int ErrorCode, string Message);

internal sealed record RegisterAnswer(int Id, int? Version, string? Schema, IReadOnlyList<SchemaReference>? References, JsonElement? Metadata, JsonElement? RuleSet);

/// <summary>A schema with or without its place in a subject. Confluent leaves out the type of AVRO and empty references.</summary>
internal sealed record SchemaAnswer(
    string? Subject, int? Version, int? Id, string Schema, IReadOnlyList<SchemaReference>? References, JsonElement? Metadata, JsonElement? RuleSet, int? MaxId = null)
{
    public static SchemaAnswer Of(SubjectVersion found) => new(
        found.Subject, found.Version, found.SchemaId, found.Schema.Text, NonEmpty(found.Schema.References), Json(found.Schema.Metadata), Json(found.Schema.RuleSet));

    public static SchemaAnswer Of(StoredSchema schema, int? maxId) => new(
        null, null, null, schema.Text, NonEmpty(schema.References), Json(schema.Metadata), Json(schema.RuleSet), maxId);

    public static IReadOnlyList<SchemaReference>? NonEmpty(IReadOnlyList<SchemaReference> references) => references.Count == 0 ? null : references;

    public static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}

internal sealed record SubjectVersionAnswer(string Subject, int Version);

internal sealed record CompatibilityAnswer([property: JsonPropertyName("is_compatible")] bool IsCompatible, IReadOnlyList<string>? Messages);

/// <summary>PUT says compatibility, GET says compatibilityLevel; callers send either.</summary>
internal sealed record LevelRequest(string? Compatibility, string? CompatibilityLevel);

internal sealed record LevelSetAnswer(string Compatibility);

internal sealed record LevelAnswer(string CompatibilityLevel);

internal sealed record ModeBody(string? Mode);

internal sealed record ServerVersionAnswer(string Version, string CommitId);

internal sealed record ServerIdAnswer(ServerScope Scope, string Id);

internal sealed record ServerScope(IReadOnlyList<string> Path, IReadOnlyDictionary<string, string> Clusters);

/// <summary>An answer that is JSON already.</summary>
internal sealed record RawJson(string Text);
