using System.Text.Json.Nodes;

namespace Commerce.Streaming.LocalRegistry.Tests;

public abstract partial class RegistryConformance
{
    [Fact]
    public async Task A_subject_can_have_its_own_level()
    {
        var registry = Registry();

        (await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = "FULL" })).Ok();
        (await registry.Get($"config/{Subject()}")).Ok()["compatibilityLevel"]!.GetValue<string>().ShouldBe("FULL");
    }

    [Fact]
    public async Task A_level_is_answered_as_it_was_put_and_falls_back_to_the_global_one()
    {
        var registry = Registry();

        (await registry.Get("config")).Ok()["compatibilityLevel"]!.GetValue<string>().ShouldBe("BACKWARD");
        (await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = "full" })).Ok().ToJsonString().ShouldBe("""{"compatibility":"FULL"}""");
        (await registry.Delete($"config/{Subject()}")).Ok()["compatibilityLevel"]!.GetValue<string>().ShouldBe("FULL");
        (await registry.Get($"config/{Subject()}")).ShouldFail(404, 40408);
        (await registry.Get($"config/{Subject()}?defaultToGlobal=true")).Ok()["compatibilityLevel"]!.GetValue<string>().ShouldBe("BACKWARD");
    }

    [Fact]
    public async Task An_unknown_level_is_refused_with_42203()
    {
        var registry = Registry();

        (await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = "SIDEWAYS" })).ShouldFail(422, 42203);
    }

    [Fact]
    public async Task A_subject_can_be_made_read_only()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);

        (await registry.Get("mode")).Ok()["mode"]!.GetValue<string>().ShouldBe("READWRITE");
        (await registry.Get($"mode/{Subject()}")).ShouldFail(404, 40409);
        (await registry.Get($"mode/{Subject()}?defaultToGlobal=true")).Ok()["mode"]!.GetValue<string>().ShouldBe("READWRITE");
        (await registry.Put($"mode/{Subject()}", new JsonObject { ["mode"] = "READONLY" })).Ok().ToJsonString().ShouldBe("""{"mode":"READONLY"}""");
        (await registry.Register(Subject(), TestSchemas.OrderV2)).ShouldFail(422, 42205);
        (await registry.Delete($"subjects/{Subject()}")).ShouldFail(422, 42205);
        (await registry.Delete($"mode/{Subject()}")).Ok().ToJsonString().ShouldBe("""{"mode":"READONLY"}""");
        (await registry.Register(Subject(), TestSchemas.OrderV2)).Ok();
        (await registry.Put($"mode/{Subject()}", new JsonObject { ["mode"] = "SIDEWAYS" })).ShouldFail(422, 42204);
    }

    [Fact]
    public async Task Import_mode_takes_ids_and_versions_as_given()
    {
        var registry = Registry();
        var body = RegistryCaller.Schema(TestSchemas.Numbered(700));
        body["id"] = 7_000_700;
        body["version"] = 3;

        (await registry.Post($"subjects/{Subject()}/versions", body.DeepClone())).ShouldFail(422, 42205);
        (await registry.Put($"mode/{Subject()}", new JsonObject { ["mode"] = "IMPORT" })).Ok();
        (await registry.Post($"subjects/{Subject()}/versions", body.DeepClone())).Ok()["id"]!.GetValue<int>().ShouldBe(7_000_700);
        (await registry.Post($"subjects/{Subject()}/versions", body.DeepClone())).Ok()["id"]!.GetValue<int>().ShouldBe(7_000_700);
        (await registry.Get($"subjects/{Subject()}/versions")).Ok().ToJsonString().ShouldBe("[3]");
        (await registry.Register(Subject(), TestSchemas.OrderV1)).ShouldFail(422, 42205);
        (await registry.Put($"mode/{Subject("full")}", new JsonObject { ["mode"] = "READWRITE" })).Ok();
        await registry.RegisteredId(Subject("full"), TestSchemas.OrderV1);
        (await registry.Put($"mode/{Subject("full")}", new JsonObject { ["mode"] = "IMPORT" })).ShouldFail(422, 42205);
    }

    [Fact]
    public async Task The_root_types_and_content_type_are_Confluents()
    {
        var registry = Registry();

        var root = await registry.Get("");
        root.Ok().ToJsonString().ShouldBe("{}");
        root.MediaType.ShouldBe("application/vnd.schemaregistry.v1+json");
        (await registry.Get("schemas/types")).Ok().AsArray().Select(t => t!.GetValue<string>()).ShouldContain("AVRO");
        (await registry.Get("nowhere")).ShouldFail(404, 404);
    }
}
