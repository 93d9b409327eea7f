using System.Diagnostics;
using System.Text.Json.Nodes;
using Commerce.Streaming.Contracts.Generator;

namespace Commerce.Streaming.Contracts.Tests;

/// <summary>The build itself, with a copy of the schemas: a change that old records do not survive ends it and says where.</summary>
public sealed class BreakingBuildTests : IDisposable
{
    private static readonly string Root = FindRoot();

    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-breaking-").FullName;

    private string Schemas => Path.Combine(_folder, "schemas");

    [Fact]
    public async Task A_change_that_is_not_backward_transitive_fails_the_build_and_names_field_and_reason()
    {
        Copy(Path.Combine(Root, "schemas"), Schemas);
        SchemaEvolution.Publish(Schemas, SchemaSet.Load(Schemas));
        Change("orders/order-completed/v1", fields => fields.Add(JsonNode.Parse("""{"name": "giftWrap", "type": "string", "doc": "Paper.", "pii": "none"}""")!));
        Edit(Path.Combine(Schemas, "types", "Refund.avsc"), fields => Field(fields, "refundId")["type"] = "long");

        var (code, output) = await BuildAsync();

        code.ShouldNotBe(0);
        output.ShouldContain("error CONTRACT002");
        output.ShouldContain("Commerce.Orders.OrderCompleted cannot read what revision 1 wrote. Field giftWrap: ");
        output.ShouldContain("Commerce.Orders.OrderRefunded cannot read what published text 1 wrote. Field refund.refundId: ");
        output.ShouldContain("Give the field a default");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A next revision of the record, with its fields changed.</summary>
    private void Change(string place, Action<JsonArray> change)
    {
        var revisions = Directory.GetFiles(Path.Combine(Schemas, place), "*.avsc");
        var next = Path.Combine(Schemas, place, $"{revisions.Length + 1}.avsc");
        File.Copy(Path.Combine(Schemas, place, $"{revisions.Length}.avsc"), next);
        Edit(next, change);
    }

    private static void Edit(string file, Action<JsonArray> change)
    {
        var schema = JsonNode.Parse(File.ReadAllText(file))!;
        change(schema["fields"]!.AsArray());
        File.WriteAllText(file, schema.ToJsonString());
    }

    private static JsonNode Field(JsonArray fields, string name) => fields.Single(field => field!["name"]!.GetValue<string>() == name)!;

    private async Task<(int Code, string Output)> BuildAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        // What the generator needs is built: this test came with it.
        foreach (var argument in (string[])["msbuild", Path.Combine(Root, "shared/Contracts"), "-t:GenerateContracts", "-nologo", "-v:q", "-nodeReuse:false",
            $"-p:Configuration={configuration}", "-p:BuildProjectReferences=false", $"-p:SchemasFolder={Schemas}", $"-p:GeneratedFolder={_folder}/generated/"])
            start.ArgumentList.Add(argument);
        using var build = Process.Start(start)!;
        var errors = build.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (build.ExitCode, output + await errors);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Commerce.Streaming.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("not below the repository");
        return folder.FullName;
    }
}
