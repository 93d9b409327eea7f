using System.Globalization;
using System.Text.Json;

namespace Commerce.Streaming.AvroCompatibility.Tests;

public sealed class GoldenVectorTests
{
    [Fact]
    public void Compatibility_of_every_pair_equals_Javas()
    {
        foreach (var item in Vectors.Cases("compatibility.json"))
        {
            Check(item, "new", "old", "backward");
            Check(item, "old", "new", "forward");
        }
    }

    [Fact]
    public void Verdict_over_a_history_equals_Javas_at_every_level()
    {
        foreach (var item in Vectors.Cases("transitive.json"))
        {
            CompatibilityLevels.TryParse(item.GetProperty("level").GetString(), out var level).ShouldBeTrue(item.Id());
            string[] earlier = [.. item.GetProperty("versions").EnumerateArray().Select(version => version.GetRawText())];
            var found = SchemaCompatibility.CheckTransitive(level, item.Schema("candidate"), earlier);
            (found.Count == 0).ShouldBe(item.GetProperty("compatible").GetBoolean(), item.Id());
        }
    }

    [Fact]
    public void Static_verdict_of_every_resolution_case_equals_Javas()
    {
        foreach (var item in Vectors.Cases("resolution.json").Where(c => c.TryGetProperty("schemas_compatible", out _)))
        {
            var found = SchemaCompatibility.Check(item.Schema("reader"), item.Schema("writer"));
            (found.Count == 0).ShouldBe(item.GetProperty("schemas_compatible").GetBoolean(), item.Id());
        }
    }

    [Fact]
    public void Canonical_form_fingerprint_and_text_equal_Javas()
    {
        foreach (var item in Vectors.Cases("canonical.json"))
        {
            var schema = AvroSchema.Parse(item.Schema("schema"));
            ParsingCanonicalForm.Of(schema).ShouldBe(item.GetProperty("canonical").GetString(), item.Id());
            ParsingCanonicalForm.Fingerprint(schema).ToString("x16", CultureInfo.InvariantCulture)
                .ShouldBe(item.GetProperty("crc64_avro_hex").GetString(), item.Id());
            schema.ToString().ShouldBe(item.GetProperty("java_to_string").GetString(), item.Id());
        }
    }

    private static void Check(JsonElement item, string reader, string writer, string direction)
    {
        var found = SchemaCompatibility.Check(item.Schema(reader), item.Schema(writer));
        (found.Count == 0).ShouldBe(item.GetProperty(direction).GetBoolean(), $"{item.Id()} {direction}");
        if (item.TryGetProperty("java_" + direction, out var reasons))
        {
            found.Select(reason => $"{reason.TypeName} at {reason.Path}")
                .ShouldBe(reasons.EnumerateArray().Select(reason => reason.GetString()!), $"{item.Id()} {direction}");
        }
    }
}
