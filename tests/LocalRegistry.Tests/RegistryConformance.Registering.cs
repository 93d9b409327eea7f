using System.Text.Json.Nodes;

namespace Commerce.Streaming.LocalRegistry.Tests;

public abstract partial class RegistryConformance
{
    [Fact]
    public async Task Same_schema_has_the_same_id_in_every_subject_whatever_its_layout()
    {
        var registry = Registry();
        var id = await registry.RegisteredId(Subject("a"), TestSchemas.OrderV1);

        (await registry.RegisteredId(Subject("a"), TestSchemas.OrderV1)).ShouldBe(id);
        (await registry.RegisteredId(Subject("b"), TestSchemas.OrderV1.Replace(":", " : ", StringComparison.Ordinal))).ShouldBe(id);
        (await registry.Get($"subjects/{Subject("a")}/versions")).Ok().ToJsonString().ShouldBe("[1]");
    }

    [Fact]
    public async Task A_changed_doc_is_another_schema()
    {
        var registry = Registry();
        var id = await registry.RegisteredId(Subject(), TestSchemas.OrderV1);
        var documented = TestSchemas.OrderV1.Replace("\"fields\"", "\"doc\":\"An order.\",\"fields\"", StringComparison.Ordinal);

        (await registry.RegisteredId(Subject(), documented)).ShouldNotBe(id);
        (await registry.Get($"subjects/{Subject()}/versions")).Ok().ToJsonString().ShouldBe("[1,2]");
    }

    [Fact]
    public async Task A_version_can_be_read_in_every_form()
    {
        var registry = Registry();
        var id = await registry.RegisteredId(Subject(), TestSchemas.OrderV1);
        await registry.RegisteredId(Subject(), TestSchemas.OrderV2);

        var first = (await registry.Get($"subjects/{Subject()}/versions/1")).Ok();
        first["subject"]!.GetValue<string>().ShouldBe(Subject());
        first["version"]!.GetValue<int>().ShouldBe(1);
        first["id"]!.GetValue<int>().ShouldBe(id);
        first["schema"]!.GetValue<string>().ShouldBe(TestSchemas.OrderV1);
        (await registry.Get($"subjects/{Subject()}/versions/latest")).Ok()["version"]!.GetValue<int>().ShouldBe(2);
        (await registry.Get($"subjects/{Subject()}/versions/-1")).Ok()["version"]!.GetValue<int>().ShouldBe(2);
        (await registry.Get($"subjects/{Subject()}/versions/1/schema")).Ok().ToJsonString().ShouldBe(TestSchemas.OrderV1);
        (await registry.Get($"schemas/ids/{id}")).Ok()["schema"]!.GetValue<string>().ShouldBe(TestSchemas.OrderV1);
        (await registry.Get($"schemas/ids/{id}/schema")).Ok().ToJsonString().ShouldBe(TestSchemas.OrderV1);
    }

    [Fact]
    public async Task Plain_avro_answers_leave_out_type_and_references()
    {
        var registry = Registry();
        var id = await registry.RegisteredId(Subject(), TestSchemas.OrderV1);

        (await registry.Get($"schemas/ids/{id}")).Ok().AsObject().Select(p => p.Key).ShouldBe(["schema"]);
        (await registry.Get($"subjects/{Subject()}/versions/1")).Ok().AsObject().Select(p => p.Key)
            .ShouldBe(["subject", "version", "id", "schema"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_uses_an_id_can_be_listed()
    {
        var registry = Registry();
        var id = await registry.RegisteredId(Subject("a"), TestSchemas.OrderV1);
        await registry.RegisteredId(Subject("b"), TestSchemas.OrderV1);

        (await registry.Get($"schemas/ids/{id}/subjects")).Ok().AsArray().Select(s => s!.GetValue<string>())
            .Where(s => s.StartsWith(Subject(""), StringComparison.Ordinal)).ShouldBe([Subject("a"), Subject("b")], ignoreOrder: true);
        (await registry.Get($"schemas/ids/{id}/versions")).Ok().AsArray().Select(v => v!["subject"]!.GetValue<string>()).ShouldContain(Subject("b"));
    }

    [Fact]
    public async Task Subjects_are_listed_by_prefix()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject("a"), TestSchemas.OrderV1);
        await registry.RegisteredId(Subject("b"), TestSchemas.OrderV1);

        (await registry.Get($"subjects?subjectPrefix={Subject("")}")).Ok().ToJsonString().ShouldBe($"""["{Subject("a")}","{Subject("b")}"]""");
        (await registry.Get("subjects")).Ok().AsArray().Select(s => s!.GetValue<string>()).ShouldContain(Subject("a"));
    }

    [Fact]
    public async Task Schema_is_found_under_its_subject()
    {
        var registry = Registry();
        var id = await registry.RegisteredId(Subject(), TestSchemas.OrderV1);

        var found = (await registry.Post($"subjects/{Subject()}", RegistryCaller.Schema(TestSchemas.OrderV1.Replace(",", ", ", StringComparison.Ordinal)))).Ok();
        found["id"]!.GetValue<int>().ShouldBe(id);
        found["version"]!.GetValue<int>().ShouldBe(1);
        (await registry.Post($"subjects/{Subject()}", RegistryCaller.Schema(TestSchemas.OrderV2))).ShouldFail(404, 40403);
        (await registry.Post($"subjects/{Subject("other")}", RegistryCaller.Schema(TestSchemas.OrderV1))).ShouldFail(404, 40401);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"type":"record","name":"R"}""")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"f","type":"Missing"}]}""")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A","A"]}""")]
    [InlineData("""["int","int"]""")]
    public async Task Malformed_schema_is_refused_with_42201(string schema)
    {
        var registry = Registry();

        (await registry.Register(Subject(), schema)).ShouldFail(422, 42201);
        (await registry.Get($"subjects/{Subject()}/versions")).ShouldFail(404, 40401);
    }

    [Fact]
    public async Task An_empty_schema_is_refused_with_42201()
    {
        var registry = Registry();

        (await registry.Register(Subject(), "")).ShouldFail(422, 42201);
        (await registry.Post($"subjects/{Subject()}/versions", new JsonObject())).ShouldFail(422, 42201);
    }

    [Fact]
    public async Task An_invalid_default_is_refused_with_42201()
    {
        var registry = Registry();

        (await registry.Register(Subject(), """{"type":"record","name":"R","fields":[{"name":"f","type":"int","default":"x"}]}""")).ShouldFail(422, 42201);
    }

    [Fact]
    public async Task What_is_not_there_has_its_own_code()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);

        (await registry.Get($"subjects/{Subject("none")}/versions")).ShouldFail(404, 40401);
        (await registry.Get($"subjects/{Subject("none")}/versions/latest")).ShouldFail(404, 40401);
        (await registry.Get($"subjects/{Subject()}/versions/7")).ShouldFail(404, 40402);
        (await registry.Get("schemas/ids/99999999")).ShouldFail(404, 40403);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    public async Task A_version_that_is_none_is_refused_with_42202(string version)
    {
        var registry = Registry();
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);

        (await registry.Get($"subjects/{Subject()}/versions/{version}")).ShouldFail(422, 42202);
    }

    [Fact]
    public async Task A_schema_can_refer_to_a_version_of_another_subject()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject("money"), TestSchemas.Money);
        var body = RegistryCaller.Schema(TestSchemas.Priced);
        body["references"] = new JsonArray(new JsonObject { ["name"] = "shop.Money", ["subject"] = Subject("money"), ["version"] = 1 });

        var id = (await registry.Post($"subjects/{Subject("priced")}/versions", body)).Ok()["id"]!.GetValue<int>();

        var found = (await registry.Get($"schemas/ids/{id}")).Ok();
        found["schema"]!.GetValue<string>().ShouldNotContain("amount");
        found["references"]!.AsArray().Single()!["subject"]!.GetValue<string>().ShouldBe(Subject("money"));
        (await registry.Get($"subjects/{Subject("money")}/versions/1/referencedby")).Ok().ToJsonString().ShouldBe($"[{id}]");
        (await registry.Register(Subject("unresolved"), TestSchemas.Priced)).ShouldFail(422, 42201);
        (await registry.Delete($"subjects/{Subject("money")}/versions/1")).ShouldFail(422, 42206);
    }

    [Fact]
    public async Task A_subject_may_hold_a_slash()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject("a/b"), TestSchemas.OrderV1);

        (await registry.Get($"subjects/{Uri.EscapeDataString(Subject("a/b"))}/versions/1")).Ok()["subject"]!.GetValue<string>().ShouldBe(Subject("a/b"));
    }
}
