namespace Commerce.Streaming.LocalRegistry.Tests;

public abstract partial class RegistryConformance
{
    [Fact]
    public async Task A_soft_deleted_version_is_hidden_and_its_id_still_served()
    {
        var registry = Registry();
        var id = await registry.RegisteredId(Subject(), TestSchemas.OrderV1);
        await registry.RegisteredId(Subject(), TestSchemas.OrderV2);

        (await registry.Delete($"subjects/{Subject()}/versions/1")).Ok().ToJsonString().ShouldBe("1");

        (await registry.Get($"subjects/{Subject()}/versions")).Ok().ToJsonString().ShouldBe("[2]");
        (await registry.Get($"subjects/{Subject()}/versions?deleted=true")).Ok().ToJsonString().ShouldBe("[1,2]");
        (await registry.Get($"subjects/{Subject()}/versions/1")).ShouldFail(404, 40402);
        (await registry.Get($"subjects/{Subject()}/versions/1?deleted=true")).Ok()["id"]!.GetValue<int>().ShouldBe(id);
        (await registry.Get($"schemas/ids/{id}")).Ok()["schema"]!.GetValue<string>().ShouldBe(TestSchemas.OrderV1);
        (await registry.Post($"subjects/{Subject()}", RegistryCaller.Schema(TestSchemas.OrderV1))).ShouldFail(404, 40403);
        (await registry.Post($"subjects/{Subject()}?deleted=true", RegistryCaller.Schema(TestSchemas.OrderV1))).Ok()["version"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_version_is_deleted_in_two_steps()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);
        await registry.RegisteredId(Subject(), TestSchemas.OrderV2);

        (await registry.Delete($"subjects/{Subject()}/versions/1?permanent=true")).ShouldFail(404, 40407);
        (await registry.Delete($"subjects/{Subject()}/versions/1")).Ok();
        (await registry.Delete($"subjects/{Subject()}/versions/1")).ShouldFail(404, 40406);
        (await registry.Delete($"subjects/{Subject()}/versions/1?permanent=true")).Ok().ToJsonString().ShouldBe("1");
        (await registry.Delete($"subjects/{Subject()}/versions/1?permanent=true")).ShouldFail(404, 40402);
        (await registry.Get($"subjects/{Subject()}/versions?deleted=true")).Ok().ToJsonString().ShouldBe("[2]");
    }

    [Fact]
    public async Task A_subject_is_deleted_in_two_steps()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);
        await registry.RegisteredId(Subject(), TestSchemas.OrderV2);

        (await registry.Delete($"subjects/{Subject()}?permanent=true")).ShouldFail(404, 40405);
        (await registry.Delete($"subjects/{Subject()}")).Ok().ToJsonString().ShouldBe("[1,2]");
        (await registry.Delete($"subjects/{Subject()}")).ShouldFail(404, 40404);
        (await registry.Get($"subjects/{Subject()}/versions")).ShouldFail(404, 40401);
        (await registry.Delete($"subjects/{Subject()}?permanent=true")).Ok().ToJsonString().ShouldBe("[1,2]");
        (await registry.Delete($"subjects/{Subject()}")).ShouldFail(404, 40401);
    }

    [Fact]
    public async Task Deleted_subjects_are_listed_when_asked_for()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);
        await registry.Delete($"subjects/{Subject()}");

        (await registry.Get("subjects")).Ok().AsArray().Select(s => s!.GetValue<string>()).ShouldNotContain(Subject());
        (await registry.Get("subjects?deleted=true")).Ok().AsArray().Select(s => s!.GetValue<string>()).ShouldContain(Subject());
    }

    [Fact]
    public async Task A_schema_that_comes_back_keeps_its_id_and_gets_a_new_version()
    {
        var registry = Registry();
        var id = await registry.RegisteredId(Subject(), TestSchemas.OrderV1);
        await registry.Delete($"subjects/{Subject()}");

        (await registry.RegisteredId(Subject(), TestSchemas.OrderV1)).ShouldBe(id);
        (await registry.Get($"subjects/{Subject()}/versions")).Ok().ToJsonString().ShouldBe("[2]");
    }

    [Fact]
    public async Task A_permanently_deleted_schema_is_forgotten()
    {
        var registry = Registry();
        var schema = $$"""{"type":"record","name":"Only{{Subject("").Trim('-')}}","fields":[]}""";
        var id = await registry.RegisteredId(Subject(), schema);
        await registry.Delete($"subjects/{Subject()}");
        await registry.Delete($"subjects/{Subject()}?permanent=true");

        (await registry.Get($"schemas/ids/{id}")).ShouldFail(404, 40403);
        (await registry.RegisteredId(Subject(), schema)).ShouldBeGreaterThan(id);
        (await registry.Get($"subjects/{Subject()}/versions")).Ok().ToJsonString().ShouldBe("[1]");
    }
}
