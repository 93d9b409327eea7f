using System.Text.Json;
using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>What is kept of a topic beside its records: <c>topic.json</c> in its folder. A folder without it is no topic.</summary>
internal sealed record TopicFile(Guid Id, int Partitions, Dictionary<string, string> Config)
{
    private const string FileName = "topic.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public void Write(string directory) =>
        AtomicFile.Write(Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json));

    public static TopicFile? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize<TopicFile>(File.ReadAllBytes(path), Json) : null;
    }
}
