using System.Text.Json.Nodes;

namespace Commerce.Streaming.LocalRegistry.Tests;

public abstract partial class RegistryConformance
{
    [Fact]
    public async Task An_incompatible_schema_is_refused_with_409()
    {
        var registry = Registry();
        await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = "BACKWARD" });
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);

        (await registry.Register(Subject(), TestSchemas.OrderBroken)).ShouldFail(409, 409);
        (await registry.Get($"subjects/{Subject()}/versions")).Ok().ToJsonString().ShouldBe("[1]");
    }

    [Fact]
    public async Task A_refused_registration_uses_up_no_id()
    {
        var registry = Registry();
        await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = "BACKWARD" });
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);
        var before = await registry.RegisteredId(Subject("before"), $$"""{"type":"record","name":"B{{Subject("").Trim('-')}}","fields":[]}""");

        await registry.Register(Subject(), TestSchemas.OrderBroken);
        await registry.Register(Subject(), "not a schema");

        var after = await registry.RegisteredId(Subject("after"), $$"""{"type":"record","name":"A{{Subject("").Trim('-')}}","fields":[]}""");
        after.ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_refusal_names_the_field_the_reason_and_the_version()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);

        var message = (await registry.Register(Subject(), TestSchemas.OrderBroken)).Json["message"]!.GetValue<string>();

        message.ShouldBe(
            $"Schema being registered is incompatible with an earlier schema for subject \"{Subject()}\", details: "
            + "[{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'total' at path '/fields/1' in the new schema "
            + "has no default value and is missing in the old schema', additionalInfo:'total'}, {oldSchemaVersion: 1}, "
            + $"{{oldSchema: '{TestSchemas.OrderV1}'}}, {{compatibility: 'BACKWARD'}}]");
    }

    [Theory]
    [InlineData("BACKWARD", true, false)]
    [InlineData("FORWARD", false, true)]
    [InlineData("FULL", false, false)]
    [InlineData("BACKWARD_TRANSITIVE", true, false)]
    [InlineData("FORWARD_TRANSITIVE", false, true)]
    [InlineData("FULL_TRANSITIVE", false, false)]
    public async Task A_level_decides_who_must_read_whom(string level, bool widening, bool narrowing)
    {
        var registry = Registry();
        await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = level });
        await registry.Put($"config/{Subject("n")}", new JsonObject { ["compatibility"] = level });
        await registry.RegisteredId(Subject(), "\"int\"");
        await registry.RegisteredId(Subject("n"), "\"long\"");

        (await IsCompatible(registry, Subject(), "\"long\"")).ShouldBe(widening);
        (await IsCompatible(registry, Subject("n"), "\"int\"")).ShouldBe(narrowing);
        (await registry.Register(Subject(), "\"long\"")).Status.ShouldBe(widening ? 200 : 409);
        (await registry.Register(Subject("n"), "\"int\"")).Status.ShouldBe(narrowing ? 200 : 409);
    }

    [Fact]
    public async Task Level_none_of_a_subject_lets_everything_pass()
    {
        var registry = Registry();
        await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = "NONE" });
        await registry.RegisteredId(Subject(), "\"int\"");

        (await registry.Register(Subject(), "\"string\"")).Ok();
    }

    [Fact]
    public async Task Transitive_levels_look_at_every_version()
    {
        var registry = Registry();
        const string Empty = """{"type":"record","name":"O","fields":[]}""";
        const string WithDefault = """{"type":"record","name":"O","fields":[{"name":"b","type":"int","default":0}]}""";
        const string Without = """{"type":"record","name":"O","fields":[{"name":"b","type":"int"}]}""";
        await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = "BACKWARD" });
        await registry.RegisteredId(Subject(), Empty);
        await registry.RegisteredId(Subject(), WithDefault);

        (await IsCompatible(registry, Subject(), Without)).ShouldBeTrue();
        await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = "BACKWARD_TRANSITIVE" });
        (await IsCompatible(registry, Subject(), Without)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_check_against_one_version_answers_for_that_version()
    {
        var registry = Registry();
        await registry.Put($"config/{Subject()}", new JsonObject { ["compatibility"] = "BACKWARD" });
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);
        await registry.RegisteredId(Subject(), TestSchemas.OrderV2);
        var noteNeeded = TestSchemas.OrderV2.Replace(",\"default\":null", "", StringComparison.Ordinal);

        (await IsCompatible(registry, Subject(), noteNeeded, "/latest")).ShouldBeTrue();
        (await IsCompatible(registry, Subject(), noteNeeded, "/1")).ShouldBeFalse();
        (await registry.Post($"compatibility/subjects/{Subject()}/versions/9", RegistryCaller.Schema(noteNeeded))).ShouldFail(404, 40402);
        (await registry.Post($"compatibility/subjects/{Subject()}/versions/latest", RegistryCaller.Schema("nonsense"))).ShouldFail(422, 42201);
    }

    [Fact]
    public async Task A_verbose_check_says_why()
    {
        var registry = Registry();
        await registry.RegisteredId(Subject(), TestSchemas.OrderV1);

        var answer = (await registry.Post(
            $"compatibility/subjects/{Subject()}/versions/latest?verbose=true", RegistryCaller.Schema(TestSchemas.OrderBroken))).Ok();

        answer["is_compatible"]!.GetValue<bool>().ShouldBeFalse();
        answer["messages"]!.AsArray()[0]!.GetValue<string>().ShouldContain("The field 'total' at path '/fields/1' in the new schema has no default value");
    }

    private static async Task<bool> IsCompatible(RegistryCaller registry, string subject, string schema, string version = "") =>
        (await registry.Post($"compatibility/subjects/{subject}/versions{version}", RegistryCaller.Schema(schema))).Ok()["is_compatible"]!.GetValue<bool>();
}
