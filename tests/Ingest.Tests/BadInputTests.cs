using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>Bad input on the real edge: a clear 4xx or quarantine with the raw bytes, and never a lost good neighbour.</summary>
[Collection(nameof(Edge))]
public sealed class BadInputTests(IngestServer server) : IAsyncLifetime
{
    private static readonly RawSealer Sealer = new(Convert.FromBase64String(IngestServer.SealingKey));
    private readonly HttpClient _client = server.Client();

    public async ValueTask InitializeAsync() => await server.SkipAsync();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("""{"type":"track","event":tru}""", "malformed_json")]
    [InlineData("""{"type":"track","event":"A","properties":{"x":NaN}}""", "malformed_json")]
    [InlineData("""{"type":"track","event":"A","userId":"u",}""", "malformed_json")]
    [InlineData("""{"type":"track","event":"\x41","userId":"u"}""", "malformed_json")]
    [InlineData("""{"type":"track","event":"\ud800","userId":"u"}""", "invalid_text")]
    [InlineData("""42""", "not_an_object")]
    [InlineData("""null""", "not_an_object")]
    [InlineData("""{"type":"sing","userId":"u"}""", "unknown_type")]
    [InlineData("""{"userId":"u"}""", "unknown_type")]
    [InlineData("""{"type":"track","userId":"u"}""", "missing_event_name")]
    [InlineData("""{"type":"track","event":"A"}""", "no_identity")]
    [InlineData("""{"type":"alias","userId":"u"}""", "missing_previous_id")]
    [InlineData("""{"type":"group","userId":"u"}""", "missing_group_id")]
    [InlineData("""{"type":"track","event":"A","userId":{"a":1}}""", "invalid_id")]
    [InlineData("""{"type":"track","event":"A","userId":"a\u0000b"}""", "invalid_id")]
    [InlineData("""{"type":"track","event":"A","userId":"u","timestamp":"2124-01-01T00:00:00Z"}""", "timestamp_in_future")]
    [InlineData("""{"type":"track","event":"A","userId":"u","timestamp":"1970-01-01T00:00:00Z"}""", "timestamp_too_old")]
    [InlineData("""{"type":"track","event":"A","userId":"u","timestamp":"01/02/2024"}""", "invalid_timestamp")]
    [InlineData("""{"type":"track","event":"A","userId":"u","properties":{"note":"card 4111 1111 1111 1111"}}""", "card_number")]
    [InlineData("""{"type":"track","event":"A","userId":"u","properties":{"a":{"b":[4111111111111111]}}}""", "card_number")]
    [InlineData("""{"type":"track","event":"A","userId":"u","properties":{"note":"\u0034111111111111111"}}""", "card_number")]
    [InlineData("""{"type":"track","event":"A","userId":"u","context":{"consent":{"categoryPreferences":{"analytics":"maybe"}}}}""", "invalid_consent")]
    [InlineData("""{"type":"track","event":"Order Completed","userId":"u","properties":{"order_id":"1","products":[{"sku":"s","price":-1}]}}""", "negative_price")]
    [InlineData("""{"type":"track","event":"Order Completed","userId":"u","properties":{"order_id":"1","products":[{"sku":"s","price":1,"quantity":-1}]}}""", "negative_quantity")]
    [InlineData("""{"type":"track","event":"Order Completed","userId":"u","properties":{"total":1}}""", "missing_order_id")]
    [InlineData("""{"type":"track","event":"Order Completed","userId":"u","properties":{"order_id":"1","total":1,"currency":"EURO"}}""", "invalid_currency")]
    [InlineData("""{"type":"track","event":"Order Refunded","userId":"u","properties":{"order_id":"1","total":-5}}""", "negative_total")]
    [InlineData("""{"type":"track","event":"Stock Received","properties":{"sku":"s","quantity":-5}}""", "negative_quantity")]
    public async Task A_bad_event_is_quarantined_with_its_bytes_and_its_neighbours_are_accepted(string bad, string reason)
    {
        var (before, after) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());

        var answer = await Answer.PostAsync(_client, "/v1/batch", $$"""{"batch":[{{Good(before)}},{{bad}}, {{Good(after)}}]}""");

        answer.Status.ShouldBe(HttpStatusCode.MultiStatus);
        answer.Success.ShouldBeFalse();
        answer.Results.Select(result => result.Status).ShouldBe(["accepted", "quarantined", "accepted"]);
        answer.Results[1].Reason.ShouldBe(reason);
        answer.Results[1].Detail.ShouldNotBeNullOrWhiteSpace();
        (await server.Events.ReadAsync()).Select(record => record.Value!.MessageId).ShouldBe([before, after], ignoreOrder: true);
        var kept = (await server.Quarantine.ReadAsync()).ShouldHaveSingleItem();
        kept.Value!.Reason.ShouldBe(reason);
        kept.Value.MessageId.ShouldBe(answer.Results[1].MessageId);
        kept.Key.ShouldBe($"test-source/{kept.Value.MessageId}");
        var raw = Encoding.UTF8.GetString(Sealer.Open(kept.Value.Raw));
        raw.ShouldBe(reason == "card_number" ? bad.Replace("4111 1111 1111 1111", "1111 1111 1111 1111").Replace("[4111111111111111]", "[1111111111111111]") : bad);
    }

    [Fact]
    public async Task Broken_utf8_spoils_only_its_own_event()
    {
        byte[] body =
        [
            .. """{"batch":[{"type":"track","userId":"u","event":"broken """u8, 0xff, .. "\"},"u8,
            .. Encoding.UTF8.GetBytes(Good("utf8-neighbour")), .. "]}"u8,
        ];
        var answer = await Answer.PostAsync(_client, "/v1/batch", body);
        answer.Status.ShouldBe(HttpStatusCode.MultiStatus);
        answer.Results.Select(result => result.Reason).ShouldBe(["invalid_text", null]);
    }

    [Theory]
    [InlineData("/v1/batch", """{"batch":[{"type":"track","event":"A","userId":"u"},{"type":"tra""", "malformed_json")]
    [InlineData("/v1/batch", """nonsense""", "malformed_json")]
    [InlineData("/v1/batch", """[1,2]""", "not_an_object")]
    [InlineData("/v1/batch", """{"events":[]}""", "missing_batch")]
    [InlineData("/v1/track", """{"event":"A" "userId":"u"}""", "malformed_json")]
    [InlineData("/v1/track", """[]""", "not_an_object")]
    public async Task A_body_that_is_no_request_is_400_and_kept(string path, string body, string reason)
    {
        var answer = await Answer.PostAsync(_client, path, body);
        (answer.Status, answer.Reason, answer.Success).ShouldBe((HttpStatusCode.BadRequest, reason, false));
        var kept = (await server.Quarantine.ReadAsync()).ShouldHaveSingleItem().Value!;
        kept.Reason.ShouldBe(reason);
        Encoding.UTF8.GetString(Sealer.Open(kept.Raw)).ShouldBe(body);
    }

    [Fact]
    public async Task A_large_unreadable_body_is_kept_whole_in_parts()
    {
        var body = Encoding.UTF8.GetBytes("{\"batch\":[" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(2_000_000)));
        (await Answer.PostAsync(_client, "/v1/batch", body)).Reason.ShouldBe("malformed_json");
        var parts = await server.Quarantine.ReadAsync();
        parts.Count.ShouldBe(3);
        parts.Select(part => part.Key).Distinct().ShouldHaveSingleItem();
        parts.Select(part => part.Value!.Detail[^13..]).ShouldBe(["(part 1 of 3)", "(part 2 of 3)", "(part 3 of 3)"]);
        parts.SelectMany(part => Sealer.Open(part.Value!.Raw)).ToArray().ShouldBe(body);
    }

    [Fact]
    public async Task A_single_bad_event_is_400()
    {
        var answer = await Answer.PostAsync(_client, "/v1/track", """{"event":"Order Completed","userId":"u","properties":{}}""");
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Results.ShouldHaveSingleItem().Reason.ShouldBe("missing_order_id");
    }

    [Fact]
    public async Task An_event_outside_the_tracking_plan_is_kept_not_dropped()
    {
        using var client = server.Client(IngestServer.PlannedWriteKey);
        var answer = await Answer.PostAsync(client, "/v1/track", """{"event":"Something Else","userId":"u"}""");
        answer.Results.ShouldHaveSingleItem().Reason.ShouldBe("not_in_tracking_plan");
        (await Answer.PostAsync(client, "/v1/page", """{"name":"Home","userId":"u"}""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, "missing_write_key")]
    [InlineData("wk_unknown", HttpStatusCode.Unauthorized, "unknown_write_key")]
    [InlineData(IngestServer.DisabledWriteKey, HttpStatusCode.NotFound, "source_disabled")]
    public async Task Without_a_good_key_nothing_is_taken_and_nothing_is_kept(string? key, HttpStatusCode status, string reason)
    {
        using var client = server.Client(key);
        var answer = await Answer.PostAsync(client, "/v1/track", """{"event":"A","userId":"u"}""");
        (answer.Status, answer.Reason).ShouldBe((status, reason));
        await Answer.PostAsync(client, "/v1/track", "broken");
        (await server.Quarantine.ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_key_may_be_in_the_body_even_in_a_broken_one()
    {
        using var client = server.Client(null);
        (await Answer.PostAsync(client, "/v1/track", """{"event":"A","userId":"u","writeKey":"wk_main"}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await Answer.PostAsync(client, "/v1/batch", """{"writeKey": "wk_main","batch":[{]""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await server.Quarantine.ReadAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_413_with_a_reason()
    {
        var answer = await Answer.PostAsync(_client, "/v1/batch", new byte[10 * 1024 * 1024]);
        (answer.Status, answer.Reason).ShouldBe((HttpStatusCode.RequestEntityTooLarge, "body_too_large"));
    }

    [Fact]
    public async Task A_small_body_that_inflates_beyond_the_limit_is_413()
    {
        var answer = await Answer.PostAsync(_client, "/v1/batch", Gzip(new byte[20 * 1024 * 1024]), encoding: "gzip");
        (answer.Status, answer.Reason).ShouldBe((HttpStatusCode.RequestEntityTooLarge, "body_too_large"));
    }

    [Fact]
    public async Task Gzip_is_read_and_a_broken_one_is_400()
    {
        var good = Encoding.UTF8.GetBytes($$"""{"batch":[{{Good("gzip")}}]}""");
        (await Answer.PostAsync(_client, "/v1/batch", Gzip(good), encoding: "gzip")).Status.ShouldBe(HttpStatusCode.OK);
        (await Answer.PostAsync(_client, "/v1/batch", good, encoding: "gzip")).Reason.ShouldBe("malformed_gzip");
        (await Answer.PostAsync(_client, "/v1/batch", good, encoding: "br")).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task An_event_that_is_too_large_is_rejected_and_its_neighbour_accepted()
    {
        var large = """{"type":"track","event":"A","userId":"u","messageId":"large","properties":{"x":"LARGE"}}""".Replace("LARGE", new string('x', 600_000));
        var mixed = await Answer.PostAsync(_client, "/v1/batch", $$"""{"batch":[{{large}},{{Good("beside-large")}}]}""");
        mixed.Status.ShouldBe(HttpStatusCode.MultiStatus);
        mixed.Results.Select(result => (result.Status, result.Reason)).ShouldBe([("rejected", "event_too_large"), ("accepted", null)]);
        (await Answer.PostAsync(_client, "/v1/track", large)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData(0, HttpStatusCode.BadRequest, "empty_batch")]
    [InlineData(2501, HttpStatusCode.RequestEntityTooLarge, "too_many_events")]
    public async Task A_batch_has_one_to_2500_events(int count, HttpStatusCode status, string reason)
    {
        var batch = string.Join(',', Enumerable.Repeat("""{"type":"track","event":"A","userId":"u"}""", count));
        var answer = await Answer.PostAsync(_client, "/v1/batch", $$"""{"batch":[{{batch}}]}""");
        (answer.Status, answer.Reason).ShouldBe((status, reason));
    }

    [Theory]
    [InlineData("application/xml", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data; boundary=x", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/plain;charset=UTF-8", HttpStatusCode.OK)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.OK)]
    [InlineData("application/vnd.shop+json", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task Media_types_that_SDKs_send_are_read_others_are_415(string? mediaType, HttpStatusCode status) =>
        (await Answer.PostAsync(_client, "/v1/track", """{"event":"A","userId":"u"}""", mediaType)).Status.ShouldBe(status);

    [Theory]
    [InlineData("GET", "/v1/track", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/v1/sing", HttpStatusCode.NotFound)]
    public async Task Other_methods_and_paths_are_refused(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        (await _client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(status);
    }

    private static string Good(string messageId) => $$"""{"type":"track","event":"A","userId":"u","messageId":"{{messageId}}"}""";

    private static byte[] Gzip(byte[] plain)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
            gzip.Write(plain);
        return buffer.ToArray();
    }
}
