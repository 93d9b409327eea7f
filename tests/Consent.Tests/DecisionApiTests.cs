using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Commerce.Consent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Consent.Tests;

[Collection(nameof(Edge))]
public sealed class DecisionApiTests(ConsentServer server, KafkaFixture kafka) : IAsyncLifetime
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await server.Decisions.SkipAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_decision_is_in_the_topic_when_the_answer_is_200()
    {
        var (status, body) = await PostAsync($$"""
            {"subject":{"userId":"{{_id}}","platform":"shop"},"purposes":{"analytics":true,"advertising":false},"source":"banner","jurisdiction":"EU"}
            """);
        status.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("status").GetString().ShouldBe("recorded");

        var record = (await server.Decisions.ReadAsync()).ShouldHaveSingleItem();
        record.Key.ShouldBe($"default/u:shop:{_id}");
        var decided = record.Value!;
        (decided.Subject, decided.Tenant, decided.Origin, decided.Jurisdiction).ShouldBe(($"u:shop:{_id}", "default", "banner", "EU"));
        (decided.Consent.Analytics, decided.Consent.Advertising, decided.Consent.Personalization, decided.Consent.Basis)
            .ShouldBe((true, false, false, ConsentBasis.DECISION));
    }

    [Fact]
    public async Task What_a_decision_leaves_out_keeps_its_answer_and_the_history_shows_both()
    {
        await PostAsync($$"""{"subject":{"anonymousId":"{{_id}}"},"purposes":{"analytics":true,"advertising":true},"decidedAt":"2026-01-01T00:00:00Z"}""");
        await PostAsync($$"""{"subject":{"anonymousId":"{{_id}}"},"purposes":{"advertising":false},"decidedAt":"2026-02-01T00:00:00Z"}""");

        var (status, body) = await GetAsync($"?anonymousId={_id}");
        status.ShouldBe(HttpStatusCode.OK);
        var purposes = body.GetProperty("current").GetProperty("purposes");
        (purposes.GetProperty("analytics").GetBoolean(), purposes.GetProperty("advertising").GetBoolean()).ShouldBe((true, false));
        body.GetProperty("history").EnumerateArray().Select(each => each.GetProperty("decidedAt").GetDateTimeOffset().Month).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Of_several_identifiers_of_one_person_the_newest_decision_is_shown()
    {
        await PostAsync($$"""{"subject":{"userId":"{{_id}}","platform":"shop"},"purposes":{"analytics":true},"decidedAt":"2026-01-01T00:00:00Z"}""");
        await PostAsync($$"""{"subject":{"anonymousId":"{{_id}}"},"purposes":{"analytics":false},"decidedAt":"2026-02-01T00:00:00Z"}""");

        var (_, answer) = await GetAsync($"?userId={_id}&platform=shop&anonymousId={_id}");
        answer.GetProperty("current").GetProperty("purposes").GetProperty("analytics").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Answers_to_different_purposes_at_one_time_all_hold()
    {
        string[] purposes = ["analytics", "advertising", "personalization"];
        await Task.WhenAll(purposes.Select(purpose => PostAsync(
            $$"""{"subject":{"anonymousId":"{{_id}}"},"purposes":{"{{purpose}}":true},"decidedAt":"2026-03-01T00:00:00Z"}""")));

        var (_, answer) = await GetAsync($"?anonymousId={_id}");
        purposes.ShouldAllBe(purpose => answer.GetProperty("current").GetProperty("purposes").GetProperty(purpose).GetBoolean());
    }

    [Fact]
    public async Task One_subject_of_two_tenants_is_two_people_and_two_keys_of_the_compacted_topic()
    {
        foreach (var (tenant, allowed) in ((string, string)[])[("north", "true"), ("south", "false")])
            await PostAsync($$"""{"subject":{"anonymousId":"{{_id}}"},"tenant":"{{tenant}}","purposes":{"analytics":{{allowed}} } }""");

        (await server.Decisions.ReadAsync()).Select(record => record.Key).ShouldBe([$"north/a:{_id}", $"south/a:{_id}"], ignoreOrder: true);
        var (_, north) = await GetAsync($"?anonymousId={_id}&tenant=north");
        north.GetProperty("current").GetProperty("purposes").GetProperty("analytics").GetBoolean().ShouldBeTrue();
        (await GetAsync($"?anonymousId={_id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_decision_made_earlier_and_sent_later_does_not_hold()
    {
        await PostAsync($$"""{"subject":{"anonymousId":"{{_id}}"},"purposes":{"analytics":false},"decidedAt":"2026-02-01T00:00:00Z"}""");
        var (status, body) = await PostAsync($$"""{"subject":{"anonymousId":"{{_id}}"},"purposes":{"analytics":true},"decidedAt":"2026-01-01T00:00:00Z"}""");
        (status, body.GetProperty("status").GetString()).ShouldBe((HttpStatusCode.OK, "superseded"));
        // The second record answers the second request with what holds: whoever keeps the last one keeps the right one.
        (await server.Decisions.ReadAsync()).ShouldAllBe(record => !record.Value!.Consent.Analytics);
        body.GetProperty("decisions")[0].GetProperty("purposes").GetProperty("analytics").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_request_twice_is_one_decision()
    {
        var json = $$"""{"subject":{"anonymousId":"{{_id}}"},"purposes":{"analytics":false},"decidedAt":"2026-02-01T00:00:00Z"}""";
        var first = (await PostAsync(json)).Body.GetProperty("decisions")[0].GetProperty("decisionId").GetString();
        (await PostAsync(json)).Body.GetProperty("decisions")[0].GetProperty("decisionId").GetString().ShouldBe(first);
        (await GetAsync($"?anonymousId={_id}")).Body.GetProperty("history").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task An_address_is_kept_as_a_pseudonym_and_found_by_the_address()
    {
        var address = $"{_id}@Example.org";
        await PostAsync($$"""{"subject":{"email":"{{address}}","userId":"{{address}}","platform":"shop"},"purposes":{"analytics":true} }""");
        var pseudonym = new Pseudonymizer(Convert.FromBase64String(ConsentServer.PseudonymKey)).Email(address);
        var records = await server.Decisions.ReadAsync();
        records.Select(record => record.Key).ShouldBe([$"default/u:shop:{pseudonym}", $"default/e:{pseudonym}"], ignoreOrder: true);
        records.ShouldAllBe(record => !JsonSerializer.Serialize(record.Value).Contains(_id));
        (await GetAsync($"?email={Uri.EscapeDataString(address.ToUpperInvariant())}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{", "malformed_json")]
    [InlineData("[]", "not_an_object")]
    [InlineData("""{"subject":{"userId":"u","platform":"p"},"tenant":"a/b","purposes":{"analytics":true} }""", "invalid_tenant")]
    [InlineData("""{"purposes":{"analytics":true} }""", "missing_subject")]
    [InlineData("""{"subject":{},"purposes":{"analytics":true} }""", "missing_subject")]
    [InlineData("""{"subject":{"userId":"u"},"purposes":{"analytics":true} }""", "missing_platform")]
    [InlineData("""{"subject":{"userId":"u","platform":"a:b"},"purposes":{"analytics":true} }""", "invalid_subject")]
    [InlineData("""{"subject":{"anonymousId":"\u0000"},"purposes":{"analytics":true} }""", "invalid_subject")]
    [InlineData("""{"subject":{"anonymousId":"\ud800"},"purposes":{"analytics":true} }""", "malformed_json")]
    [InlineData("""{"subject":{"email":"nobody"},"purposes":{"analytics":true} }""", "invalid_email")]
    [InlineData("""{"subject":{"anonymousId":"a"}}""", "missing_purposes")]
    [InlineData("""{"subject":{"anonymousId":"a"},"purposes":{}}""", "missing_purposes")]
    [InlineData("""{"subject":{"anonymousId":"a"},"purposes":{"marketing":true}}""", "unknown_purpose")]
    [InlineData("""{"subject":{"anonymousId":"a"},"purposes":{"analytics":"yes"}}""", "invalid_purpose")]
    [InlineData("""{"subject":{"anonymousId":"a"},"purposes":{"analytics":true},"decidedAt":"3026-01-01T00:00:00Z"}""", "invalid_time")]
    [InlineData("""{"subject":{"anonymousId":"a"},"purposes":{"analytics":true},"decidedAt":5}""", "invalid_time")]
    [InlineData("""{"subject":{"anonymousId":"a"},"purposes":{"analytics":true},"source":7}""", "invalid_field")]
    public async Task What_is_no_decision_is_400_with_a_reason(string json, string reason)
    {
        var (status, body) = await PostAsync(json);
        (status, body.GetProperty("reason").GetString()).ShouldBe((HttpStatusCode.BadRequest, reason));
        (await server.Decisions.ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Limits_and_unknown_subjects_are_answered_clearly()
    {
        (await PostAsync("{\"x\":\"" + new string('x', 100_000) + "\"}")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var (status, body) = await GetAsync("?anonymousId=never-seen");
        (status, body.GetProperty("reason").GetString()).ShouldBe((HttpStatusCode.NotFound, "no_decision"));
        (await GetAsync("")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Another_instance_has_read_every_decision_before_it_is_ready_and_keys_are_checked()
    {
        await PostAsync($$"""{"subject":{"anonymousId":"{{_id}}"},"purposes":{"analytics":true} }""");
        await using var second = await ConsentServer.StartAsync(kafka, new()
        {
            ["ApiAccess:Required"] = "true",
            ["ApiAccess:Keys:shop:Sha256"] = Convert.ToHexString(SHA256.HashData("key-1"u8)),
            ["ApiAccess:Keys:shop:Scopes:0"] = "consent:read",
        });
        using var client = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        (await client.GetAsync($"/v1/decisions?anonymousId={_id}", Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "key-1");
        (await client.GetAsync($"/v1/decisions?anonymousId={_id}", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var decision = new StringContent("{}", Encoding.UTF8, "application/json");
        (await client.PostAsync("/v1/decisions", decision, Token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await second.StopAsync(Token);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await ReadAsync(await server.Client.PostAsync("/v1/decisions", content, Token));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string query) => await ReadAsync(await server.Client.GetAsync("/v1/decisions" + query, Token));

    private static async Task<(HttpStatusCode, JsonElement)> ReadAsync(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return (response.StatusCode, json.RootElement.Clone());
    }
}
