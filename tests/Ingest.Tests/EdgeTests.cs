using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json;
using Commerce.Consent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.Ingest.Domain;
using Commerce.Streaming.LocalBroker;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.Provisioning;
using Commerce.Streaming.Testing;
using Commerce.Streaming.TopicWriting;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>Good input on the real edge, and what surrounds it.</summary>
[Collection(nameof(Edge))]
public sealed class EdgeTests(IngestServer server, KafkaFixture kafka) : IAsyncLifetime
{
    private readonly HttpClient _client = server.Client();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await server.SkipAsync();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("/v1/track", """{"event":"A","userId":"u1"}""", "TRACK")]
    [InlineData("/v1/identify", """{"userId":"u1","traits":{"plan":"gold"}}""", "IDENTIFY")]
    [InlineData("/v1/page", """{"userId":"u1","name":"Home"}""", "PAGE")]
    [InlineData("/v1/screen", """{"userId":"u1","name":"Cart"}""", "SCREEN")]
    [InlineData("/v1/group", """{"userId":"u1","groupId":"g"}""", "GROUP")]
    [InlineData("/v1/alias", """{"userId":"u1","previousId":"a"}""", "ALIAS")]
    [InlineData("/v1/t", """{"event":"A","userId":"u1"}""", "TRACK")]
    [InlineData("/v1/import", """{"batch":[{"type":"track","event":"A","userId":"u1"}]}""", "TRACK")]
    public async Task Every_call_arrives_under_the_key_of_its_person(string path, string body, string kind)
    {
        (await Answer.PostAsync(_client, path, body)).Status.ShouldBe(HttpStatusCode.OK);
        var record = (await server.Events.ReadAsync()).ShouldHaveSingleItem();
        (record.Key, record.Value!.Kind.ToString(), record.Value.Source.Id).ShouldBe(("default/u:test-shop:u1", kind, "test-source"));
    }

    [Fact]
    public async Task One_persons_events_keep_their_order_and_stock_goes_to_its_own_topic()
    {
        var calls = Enumerable.Range(0, 200).Select(each => $$"""{"type":"track","event":"A","userId":"u1","messageId":"m{{each}}"}""")
            .Append("""{"type":"track","event":"Stock Received","properties":{"sku":"S1","quantity":5}}""");
        var answer = await Answer.PostAsync(_client, "/v1/batch", $$"""{"batch":[{{string.Join(',', calls)}}]}""");
        answer.Status.ShouldBe(HttpStatusCode.OK);
        (await server.Events.ReadAsync()).Select(record => record.Value!.MessageId).ShouldBe(Enumerable.Range(0, 200).Select(each => $"m{each}"));
        var command = (await server.Stock.ReadAsync()).ShouldHaveSingleItem();
        (command.Key, command.Value!.Quantity).ShouldBe(("test-shop/S1", 5));
    }

    [Fact]
    public async Task An_address_is_a_pseudonym_before_it_reaches_the_log()
    {
        await Answer.PostAsync(_client, "/v1/identify", """{"userId":"u1","traits":{"email":"Jane@Example.org","name":"Jane"}}""");
        var kept = (await server.Events.ReadAsync()).ShouldHaveSingleItem().Value!;
        kept.EmailPseudonym.ShouldBe(new Pseudonymizer(Convert.FromBase64String(IngestServer.PseudonymKey)).Email("jane@example.org"));
        JsonSerializer.Serialize(kept).ShouldNotContain("jane", Case.Insensitive);
    }

    [Fact]
    public async Task A_batchs_context_serves_events_without_one()
    {
        await Answer.PostAsync(_client, "/v1/batch", """
            {"context":{"page":{"url":"https://shop.example/a"}},"batch":[
              {"type":"page","userId":"u1","messageId":"m1"},{"type":"page","userId":"u1","messageId":"m2","context":{"page":{"url":"https://shop.example/b"}}}]}
            """);
        (await server.Events.ReadAsync()).Select(record => record.Value!.PageUrl).ShouldBe(["https://shop.example/a", "https://shop.example/b"]);
    }

    [Fact]
    public async Task Minimal_answers_name_only_what_was_not_accepted()
    {
        _client.DefaultRequestHeaders.Add("Prefer", "return=minimal");
        var answer = await Answer.PostAsync(_client, "/v1/batch", """{"batch":[{"type":"track","event":"A","userId":"u"},{"type":"x"}]}""");
        answer.Results.ShouldHaveSingleItem().Index.ShouldBe(1);
    }

    [Fact]
    public async Task A_decision_of_the_person_is_stamped_on_what_comes_after_it()
    {
        var person = $"a:{Guid.NewGuid():N}";
        await DecideAsync("default", person, analytics: false);
        // The same id of another tenant is another person: neither its event nor its record in the compacted topic may meet this one's.
        await DecideAsync("other", person, analytics: true);
        var consent = server.Services.GetRequiredService<IConsentLookup>();
        while (consent.Find("default", person) is null || consent.Find("other", person) is null)
            await Task.Delay(5, Token);
        await Answer.PostAsync(_client, "/v1/page", $$"""{"anonymousId":"{{person[2..]}}"}""");
        var stamped = (await server.Events.ReadAsync()).ShouldHaveSingleItem().Value!.Consent;
        (stamped.Analytics, stamped.Basis).ShouldBe((false, ConsentBasis.DECISION));
    }

    [Fact]
    public async Task Kafka_that_does_not_acknowledge_is_503_and_the_same_request_may_be_sent_again()
    {
        await using var folder = new ThrowawayFolder("commerce-test-broker");
        var broker = await LocalBrokerServer.StartAsync(new LocalBrokerOptions { DataDirectory = folder.Path }, Token);
        var servers = kafka.ServiceSettings;
        servers["Kafka:BootstrapServers"] = broker.BootstrapServers;
        using (var provisioner = new Provisioner(new Dictionary<string, string> { ["bootstrap.servers"] = broker.BootstrapServers }, kafka.RegistryProperties))
            await provisioner.ProvisionAsync(Topics.All, Token);
        await using var app = await IngestServer.StartAsync(servers, new() { ["Ingest:DeliverySecondsMax"] = "1", ["Logging:LogLevel:Default"] = "None" });
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        const string body = """{"event":"A","userId":"u","writeKey":"wk_main"}""";
        (await Answer.PostAsync(client, "/v1/track", body)).Status.ShouldBe(HttpStatusCode.OK);
        await broker.DisposeAsync();
        var answer = await Answer.PostAsync(client, "/v1/track", body);
        (answer.Status, answer.Reason).ShouldBe((HttpStatusCode.ServiceUnavailable, "kafka_unavailable"));
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        await app.StopAsync(Token);
    }

    [Fact]
    public async Task More_in_flight_than_allowed_is_429()
    {
        await using var app = await IngestServer.StartAsync(
            kafka.ServiceSettings, new() { ["Ingest:InFlightBytesMax"] = "1048576", ["Ingest:BodyBytesMax"] = "1048576" });
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var hold = new HangingBody(new byte[1_000_000]);
        using var slow = new HttpRequestMessage(HttpMethod.Post, "/v1/track?writeKey=x") { Content = hold };
        slow.Content.Headers.ContentType = new("application/json");
        var held = client.SendAsync(slow, Token);
        var gate = app.Services.GetRequiredService<Http.InFlightGate>();
        while (gate.Bytes == 0)
            await Task.Delay(5, Token);

        var answer = await Answer.PostAsync(client, "/v1/track", Encoding.UTF8.GetBytes("{\"event\":\"A\",\"x\":\"" + new string('x', 100_000) + "\"}"));
        (answer.Status, answer.Reason).ShouldBe((HttpStatusCode.TooManyRequests, "overloaded"));
        answer.Headers.RetryAfter.ShouldNotBeNull();
        hold.Release();
        (await held).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        gate.Bytes.ShouldBe(0);
        await app.StopAsync(Token);
    }

    [Fact]
    public async Task Browsers_may_send_from_anywhere()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/v1/track");
        preflight.Headers.Add("Origin", "https://shop.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var answer = await _client.SendAsync(preflight, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        answer.Headers.GetValues("Access-Control-Allow-Headers").ShouldHaveSingleItem().ShouldContain("authorization");
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        using var json = JsonDocument.Parse(await _client.GetStringAsync("/docs/openapi.json", Token));
        json.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name)
            .ShouldBe(["/v1/track", "/v1/identify", "/v1/page", "/v1/screen", "/v1/group", "/v1/alias", "/v1/batch"], ignoreOrder: true);
        json.RootElement.GetProperty("paths").GetProperty("/v1/batch").GetProperty("post").TryGetProperty("requestBody", out _).ShouldBeTrue();
        (await _client.GetStringAsync("/docs/", Token)).ShouldContain("<html");
    }

    [Fact]
    public async Task Events_are_counted_by_source_outcome_and_reason()
    {
        using var events = new MetricCollector<long>(server.Services.GetRequiredService<IMeterFactory>(), IngestMetrics.MeterName, "commerce.ingest.events");
        using var acks = new MetricCollector<double>(server.Services.GetRequiredService<IMeterFactory>(), IngestMetrics.MeterName, "commerce.ingest.ack.duration");
        await Answer.PostAsync(_client, "/v1/batch", """{"batch":[{"type":"track","event":"A","userId":"u"},{"type":"track","event":"B","userId":"u"},{"type":"x"}]}""");
        events.GetMeasurementSnapshot().Select(each => (each.Tags["outcome"], each.Tags["reason"], each.Tags["source"], each.Value)).ShouldBe(
            [("accepted", "none", "test-source", 2L), ("quarantined", "unknown_type", "test-source", 1L)], ignoreOrder: true);
        acks.GetMeasurementSnapshot().ShouldHaveSingleItem().Value.ShouldBeGreaterThan(0);
    }

    private async Task DecideAsync(string tenant, string subject, bool analytics)
    {
        using var registry = new CachedSchemaRegistryClient(kafka.RegistryProperties);
        using var producer = new ProducerBuilder<string, byte[]>(kafka.ClientProperties).Build();
        var value = await new AvroEncoder<ConsentDecided>(Topics.ConsentDecisions, registry).EncodeAsync(new ConsentDecided
        {
            DecisionId = "d", Tenant = tenant, Subject = subject, Origin = "test", DecidedAt = DateTimeOffset.UnixEpoch,
            Consent = new ConsentState { Analytics = analytics, Advertising = false, Personalization = false, Basis = ConsentBasis.DECISION },
        });
        await producer.ProduceAsync(Topics.ConsentDecisions.Name, new Message<string, byte[]> { Key = Identifier.Key(tenant, subject), Value = value }, Token);
    }
}
