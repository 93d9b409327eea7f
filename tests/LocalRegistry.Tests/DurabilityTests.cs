using System.Text.Json.Nodes;

namespace Commerce.Streaming.LocalRegistry.Tests;

public sealed class DurabilityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string JournalPath => Path.Combine(_folder.Path, "registry.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_is_the_same_after_a_restart()
    {
        var before = await Run(async registry =>
        {
            await registry.RegisteredId("a-value", TestSchemas.OrderV1);
            await registry.RegisteredId("a-value", TestSchemas.OrderV2);
            await registry.RegisteredId("money", TestSchemas.Money);
            var priced = RegistryCaller.Schema(TestSchemas.Priced);
            priced["references"] = new JsonArray(new JsonObject { ["name"] = "shop.Money", ["subject"] = "money", ["version"] = 1 });
            priced["metadata"] = new JsonObject { ["properties"] = new JsonObject { ["owner"] = "shop" } };
            (await registry.Post("subjects/priced/versions", priced)).Ok();
            await registry.Delete("subjects/a-value/versions/1");
            await registry.Put("config", new JsonObject { ["compatibility"] = "FULL" });
            await registry.Put("config/a-value", new JsonObject { ["compatibility"] = "NONE" });
            await registry.Put("mode/money", new JsonObject { ["mode"] = "READONLY" });
            return await Everything(registry);
        });

        (await Run(Everything)).ShouldBe(before);
        before.ShouldContain("\"metadata\":{\"properties\":{\"owner\":\"shop\"}}");
    }

    [Fact]
    public async Task Ids_go_on_where_they_were_even_when_the_last_was_forgotten()
    {
        var last = await Run(async registry =>
        {
            await registry.RegisteredId("a", TestSchemas.Numbered(1));
            var id = await registry.RegisteredId("b", TestSchemas.Numbered(2));
            await registry.Delete("subjects/b");
            await registry.Delete("subjects/b?permanent=true");
            return id;
        });

        (await Run(registry => registry.RegisteredId("c", TestSchemas.Numbered(3)))).ShouldBe(last + 1);
    }

    [Theory]
    [InlineData("[{\"change\":\"version-added\",\"subject\":\"x\",\"vers")]
    [InlineData("[{\"change\":\"versi\n")]
    [InlineData("\0\0\0\0")]
    public async Task A_torn_last_line_is_cut_off_and_writing_goes_on(string torn)
    {
        await Run(registry => registry.RegisteredId("a", TestSchemas.Numbered(1)));
        await File.AppendAllTextAsync(JournalPath, torn, TestContext.Current.CancellationToken);

        (await Run(registry => registry.RegisteredId("a", TestSchemas.Numbered(1)))).ShouldBe(1);
        (await Run(registry => registry.RegisteredId("b", TestSchemas.Numbered(2)))).ShouldBe(2);
        (await Run(async registry => (await registry.Get("subjects")).Text)).ShouldBe("""["a","b"]""");
    }

    [Fact]
    public async Task A_damaged_line_in_the_middle_stops_the_start_and_is_named()
    {
        await Run(async registry => await registry.RegisteredId("a", TestSchemas.Numbered(1)) + await registry.RegisteredId("b", TestSchemas.Numbered(2)));
        var lines = await File.ReadAllLinesAsync(JournalPath, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(JournalPath, ["garbage", .. lines[1..]], TestContext.Current.CancellationToken);

        var e = await Should.ThrowAsync<InvalidDataException>(() => Run(registry => registry.Get("subjects")));

        e.Message.ShouldContain("line 1");
        (await File.ReadAllLinesAsync(JournalPath, TestContext.Current.CancellationToken)).Length.ShouldBe(lines.Length);
    }

    [Fact]
    public async Task A_long_journal_is_written_anew_at_the_start_and_says_the_same()
    {
        var before = await Run(async registry =>
        {
            await registry.RegisteredId("gone", TestSchemas.Numbered(1));
            await registry.RegisteredId("kept", TestSchemas.Numbered(2));
            await registry.Delete("subjects/gone");
            await registry.Delete("subjects/gone?permanent=true");
            for (var i = 0; i < 300; i++)
                await registry.Put("config", new JsonObject { ["compatibility"] = i % 2 == 0 ? "FULL" : "NONE" });
            return await Everything(registry);
        });
        File.ReadLines(JournalPath).Count().ShouldBeGreaterThan(300);

        (await Run(Everything)).ShouldBe(before);
        File.ReadLines(JournalPath).Count().ShouldBeLessThan(10);
        (await Run(registry => registry.RegisteredId("next", TestSchemas.Numbered(3)))).ShouldBe(3);
    }

    [Fact]
    public async Task Two_registries_cannot_share_a_folder()
    {
        await using var first = await LocalRegistryServer.StartAsync(new() { DataDirectory = _folder.Path }, TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<IOException>(() => LocalRegistryServer.StartAsync(new() { DataDirectory = _folder.Path }, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("in use");
    }

    [Fact]
    public async Task A_request_is_answered_once_its_line_is_in_the_file()
    {
        await using var server = await LocalRegistryServer.StartAsync(new() { DataDirectory = _folder.Path }, TestContext.Current.CancellationToken);
        using var registry = new RegistryCaller(server.Url);

        await registry.RegisteredId("a", TestSchemas.Numbered(1));

        await using var file = new FileStream(JournalPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldEndWith("]\n");
    }

    private async Task<T> Run<T>(Func<RegistryCaller, Task<T>> use)
    {
        await using var server = await LocalRegistryServer.StartAsync(new() { DataDirectory = _folder.Path }, TestContext.Current.CancellationToken);
        using var caller = new RegistryCaller(server.Url);
        return await use(caller);
    }

    private static async Task<string> Everything(RegistryCaller registry)
    {
        string[] paths = ["subjects", "subjects?deleted=true", "schemas?deleted=true", "config", "config/a-value", "mode", "mode/money", "schemas/ids/1", "schemas/ids/2?fetchMaxId=true"];
        var texts = new List<string>();
        foreach (var path in paths)
            texts.Add(path + " " + (await registry.Get(path)).Text);
        return string.Join('\n', texts);
    }
}
