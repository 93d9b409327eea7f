using System.Text.Json;

namespace Commerce.Streaming.AvroCompatibility.Tests;

/// <summary>Golden vectors made with Apache Avro Java, outside the repository: COMMERCE_TEST_VECTORS names their folder.</summary>
internal static class Vectors
{
    public static IReadOnlyList<JsonElement> Cases(string file)
    {
        var folder = Environment.GetEnvironmentVariable("COMMERCE_TEST_VECTORS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "COMMERCE_TEST_VECTORS does not name the folder of golden vectors (avro/...)");
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder!, "avro", file)));
        return [.. document.RootElement.Clone().GetProperty("cases").EnumerateArray()];
    }

    public static string Id(this JsonElement item) => item.GetProperty("id").GetString()!;

    public static string Schema(this JsonElement item, string name) => item.GetProperty(name).GetRawText();
}
