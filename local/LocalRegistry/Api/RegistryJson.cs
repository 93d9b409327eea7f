using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>JSON of the API and of the journal, generated at build time: nothing is reflected over at the start.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SchemaRequest))]
[JsonSerializable(typeof(LevelRequest))]
[JsonSerializable(typeof(ModeBody))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(RegisterAnswer))]
[JsonSerializable(typeof(SchemaAnswer))]
[JsonSerializable(typeof(SchemaAnswer[]))]
[JsonSerializable(typeof(SubjectVersionAnswer[]))]
[JsonSerializable(typeof(CompatibilityAnswer))]
[JsonSerializable(typeof(LevelSetAnswer))]
[JsonSerializable(typeof(LevelAnswer))]
[JsonSerializable(typeof(ServerVersionAnswer))]
[JsonSerializable(typeof(ServerIdAnswer))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(RegistryChange[]))]
internal sealed partial class RegistryJson : JsonSerializerContext
{
    /// <summary>Quotes inside strings are \" (not \u0022): schemas are read by people who use curl.</summary>
    public static RegistryJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
