using System.Text.Json;
using System.Text.Json.Serialization;
using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>What is kept of a topic beside its records: <c>topic.json</c> in its folder. A folder without it is no topic.</summary>
internal sealed record TopicFile(Guid Id, int Partitions, Dictionary<string, string> Config)
{
    private const string FileName = "topic.json";

    public void Write(string directory) =>
        AtomicFile.Write(Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(this, TopicFileJson.Default.TopicFile));

    public static TopicFile? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), TopicFileJson.Default.TopicFile) : null;
    }
}

/// <summary>Serialisation made at build time; finding it out by reflection would slow the start.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(TopicFile))]
internal sealed partial class TopicFileJson : JsonSerializerContext;
