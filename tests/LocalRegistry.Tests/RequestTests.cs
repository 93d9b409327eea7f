namespace Commerce.Streaming.LocalRegistry.Tests;

/// <summary>Requests that are wrong in themselves.</summary>
public sealed class RequestTests(LocalRegistryUnderTest registry) : IClassFixture<LocalRegistryUnderTest>
{
    [Fact]
    public async Task Another_content_type_is_refused() =>
        (await registry.Caller.Send(HttpMethod.Post, "subjects/x/versions", "{}", "application/x-www-form-urlencoded")).ShouldFail(415, 415);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/vnd.schemaregistry+json")]
    [InlineData("application/vnd.schemaregistry.v1+json; charset=utf-8")]
    public async Task Confluents_content_types_are_read(string contentType) =>
        (await registry.Caller.Send(HttpMethod.Post, "subjects/typed/versions", """{"schema":"\"int\""}""", contentType)).Ok();

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 422)]
    public async Task A_body_that_is_no_request_is_refused(string body, int status) =>
        (await registry.Caller.Send(HttpMethod.Post, "subjects/x/versions", body)).ShouldFail(status, status);

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused() =>
        (await registry.Caller.Send(HttpMethod.Post, "subjects/x/versions", "{\"schema\":\"" + new string('x', 3_000_000) + "\"}")).ShouldFail(413, 413);

    [Theory]
    [InlineData("JSON")]
    [InlineData("PROTOBUF")]
    public async Task Other_schema_types_are_refused_as_such(string type)
    {
        var body = RegistryCaller.Schema("{}");
        body["schemaType"] = type;

        var reply = await registry.Caller.Post("subjects/x/versions", body);

        reply.ShouldFail(422, 42201);
        reply.Text.ShouldContain(type);
    }

    [Theory]
    [InlineData("__GLOBAL")]
    [InlineData("a\nb")]
    public async Task An_illegal_subject_is_refused(string subject) => (await registry.Caller.Register(subject, "\"int\"")).ShouldFail(422, 42208);

    [Fact]
    public async Task A_method_that_a_path_does_not_take_is_refused() =>
        (await registry.Caller.Send(HttpMethod.Patch, "subjects", "{}")).ShouldFail(405, 405);

    [Fact]
    public async Task Normalizing_makes_one_schema_of_those_that_differ_in_nothing_that_matters()
    {
        const string One = """{"type":"record","name":"n.R","doc":"","aliases":["n.B","n.A"],"fields":[{"name":"m","type":{"type":"bytes","scale":2,"precision":9,"logicalType":"decimal"},"z":1,"a":2}]}""";
        const string Other = """{"type":"record","name":"R","namespace":"n","aliases":["A","B"],"fields":[{"name":"m","a":2,"z":1,"type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}}]}""";

        var first = (await registry.Caller.Register("normal", One, "?normalize=true")).Ok()["id"]!.GetValue<int>();

        (await registry.Caller.Register("normal", Other, "?normalize=true")).Ok()["id"]!.GetValue<int>().ShouldBe(first);
        (await registry.Caller.Register("normal", One)).Ok()["id"]!.GetValue<int>().ShouldNotBe(first);
        (await registry.Caller.Post("subjects/normal?normalize=true", RegistryCaller.Schema(Other))).Ok()["id"]!.GetValue<int>().ShouldBe(first);
    }

    [Fact]
    public async Task Lists_are_paged()
    {
        for (var i = 0; i < 4; i++)
            await registry.Caller.RegisteredId($"paged-{i}", TestSchemas.Numbered(1));

        (await registry.Caller.Get("subjects?subjectPrefix=paged&offset=1&limit=2")).Text.ShouldBe("""["paged-1","paged-2"]""");
        (await registry.Caller.Get("schemas?subjectPrefix=paged&latestOnly=true&limit=1")).Ok().AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("nowhere.invalid", 0)]
    [InlineData("127.0.0.1", 70_000)]
    public async Task Options_are_checked_at_the_start(string host, int port) =>
        await Should.ThrowAsync<ArgumentException>(() => LocalRegistryServer.StartAsync(
            new LocalRegistryOptions { DataDirectory = "unused", Host = host, Port = port }, TestContext.Current.CancellationToken));
}
