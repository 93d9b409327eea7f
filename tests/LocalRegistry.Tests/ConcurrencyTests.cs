namespace Commerce.Streaming.LocalRegistry.Tests;

public sealed class ConcurrencyTests(LocalRegistryUnderTest registry) : IClassFixture<LocalRegistryUnderTest>
{
    private const int Callers = 24;

    [Fact]
    public async Task Registering_one_schema_from_everywhere_at_once_gives_one_id_and_one_version()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i =>
            registry.Caller.RegisteredId(i % 2 == 0 ? "race-a" : "race-b", TestSchemas.Numbered(1000))));

        ids.Distinct().Count().ShouldBe(1);
        (await registry.Caller.Get("subjects/race-a/versions")).Text.ShouldBe("[1]");
        (await registry.Caller.Get("subjects/race-b/versions")).Text.ShouldBe("[1]");
    }

    [Fact]
    public async Task Different_schemas_at_once_get_different_ids_without_gaps()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => registry.Caller.RegisteredId($"many-{i}", TestSchemas.Numbered(2000 + i))));

        var sorted = ids.Order().ToArray();
        sorted.Distinct().Count().ShouldBe(Callers);
        // The other test of this class may take one id in between.
        (sorted[^1] - sorted[0]).ShouldBeInRange(Callers - 1, Callers);
    }

    [Fact]
    public async Task Incompatible_schemas_at_once_leave_one_winner()
    {
        var replies = await Task.WhenAll(new[] { "int", "string", "boolean", "null" }.SelectMany(type => Enumerable.Range(0, 3).Select(_ =>
            registry.Caller.Register("contested", $$"""{"type":"array","items":"{{type}}"}"""))));

        replies.Select(r => r.Status).ToHashSet().IsSubsetOf([200, 409]).ShouldBeTrue();
        var winners = replies.Where(r => r.Status == 200).Select(r => r.Json["id"]!.GetValue<int>()).Distinct().Count();
        (await registry.Caller.Get("subjects/contested/versions")).Json.AsArray().Count.ShouldBe(winners);
    }
}
