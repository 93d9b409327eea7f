using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commerce.Streaming.LocalRegistry.Tests;

/// <summary>Verdicts of Apache Avro Java, from golden vectors outside the repository: COMMERCE_TEST_VECTORS names their folder.</summary>
public abstract partial class RegistryConformance
{
    [Fact]
    public async Task Verdicts_on_pairs_of_schemas_are_Javas()
    {
        var registry = Registry();
        foreach (var item in Vectors("compatibility.json"))
        {
            foreach (var (level, verdict) in new[] { ("BACKWARD", "backward"), ("FORWARD", "forward") })
            {
                var subject = Subject($"{item.GetProperty("id")}-{verdict}");
                await registry.Put($"config/{subject}", new JsonObject { ["compatibility"] = level });
                await registry.RegisteredId(subject, item.GetProperty("old").GetRawText());

                var compatible = await IsCompatible(registry, subject, item.GetProperty("new").GetRawText());

                compatible.ShouldBe(item.GetProperty(verdict).GetBoolean(), subject);
            }
        }
    }

    [Fact]
    public async Task Verdicts_over_a_history_are_Javas()
    {
        var registry = Registry();
        foreach (var item in Vectors("transitive.json"))
        {
            var subject = Subject(item.GetProperty("id").GetString()!);
            await registry.Put($"config/{subject}", new JsonObject { ["compatibility"] = "NONE" });
            foreach (var version in item.GetProperty("versions").EnumerateArray())
                await registry.RegisteredId(subject, version.GetRawText());
            await registry.Put($"config/{subject}", new JsonObject { ["compatibility"] = item.GetProperty("level").GetString() });

            var reply = await registry.Register(subject, item.GetProperty("candidate").GetRawText());

            reply.Status.ShouldBe(item.GetProperty("compatible").GetBoolean() ? 200 : 409, $"{subject}: {reply.Text}");
        }
    }

    private static List<JsonElement> Vectors(string file)
    {
        var folder = Environment.GetEnvironmentVariable("COMMERCE_TEST_VECTORS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "COMMERCE_TEST_VECTORS does not name the folder of golden vectors (avro/...)");
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder!, "avro", file)));
        return [.. document.RootElement.Clone().GetProperty("cases").EnumerateArray()];
    }
}
