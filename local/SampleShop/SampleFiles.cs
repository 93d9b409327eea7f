using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Commerce.Streaming.SampleShop;

/// <summary>The sample on disk: events.jsonl.gz and truth.json.gz in one folder.</summary>
public static class SampleFiles
{
    public const string EventsName = "events.jsonl.gz";
    public const string TruthName = "truth.json.gz";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static SampleData Read(string folder) => new(
        [.. ReadText(Path.Combine(folder, EventsName)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SampleEvent.OfLine)],
        JsonSerializer.Deserialize<SampleTruth>(ReadText(Path.Combine(folder, TruthName)), Json)
            ?? throw new InvalidDataException("The sample's truth is empty."));

    public static void Write(string folder, SampleData sample)
    {
        Directory.CreateDirectory(folder);
        WriteText(Path.Combine(folder, EventsName), EventsText(sample));
        WriteText(Path.Combine(folder, TruthName), TruthText(sample));
    }

    /// <summary>What events.jsonl.gz holds when unpacked.</summary>
    public static string EventsText(SampleData sample)
    {
        var text = new StringBuilder();
        foreach (var each in sample.Events)
            text.Append(Encoding.UTF8.GetString(each.ToLine().Span)).Append('\n');
        return text.ToString();
    }

    /// <summary>What truth.json.gz holds when unpacked.</summary>
    public static string TruthText(SampleData sample) => JsonSerializer.Serialize(sample.Truth, Json) + "\n";

    /// <summary>Unpacks one file.</summary>
    public static string ReadText(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void WriteText(string path, string text)
    {
        using var file = File.Create(path);
        using var gzip = new GZipStream(file, CompressionLevel.SmallestSize);
        gzip.Write(Encoding.UTF8.GetBytes(text));
    }
}
