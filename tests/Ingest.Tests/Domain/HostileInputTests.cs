using System.Text;
using System.Text.Json;
using Commerce.Streaming.Ingest.Domain;
using Commerce.Streaming.Ingest.Http;
using CsCheck;

namespace Commerce.Streaming.Ingest.Tests.Domain;

/// <summary>Whatever comes in, the rules answer; they never throw and never lose a neighbour.</summary>
public sealed class HostileInputTests
{
    private static readonly string[] Fields =
    [
        "type", "event", "userId", "anonymousId", "previousId", "groupId", "messageId", "timestamp", "sentAt", "properties", "traits", "context", "name",
        "order_id", "total", "products", "price", "quantity", "email", "page", "url", "campaign", "consent", "categoryPreferences", "analytics",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-1", "1e400", "3.14", "\"\"", "\"track\"", "\"Order Completed\"", "\"Stock Received\"", "\"identify\"",
        "\"a@b.org\"", "\"4111111111111111\"", "\"\\ud83d\"", "\"2026-05-31T00:00:00Z\"", "\"http://[\"", "\"https://x.example/?utm_source=%zz\"", "\"\\u0000\"",
        "9999999999999999999999999999999", "\"\\u003\\u003\"".Replace("\\u003\\u003", "\\u0034", StringComparison.Ordinal),
    ];

    private static readonly Gen<string> Value = Gen.Recursive<string>((depth, inner) => depth > 4
        ? Pick(Scalars)
        : Gen.OneOf(
            Pick(Scalars),
            Object(inner),
            inner.Array[0, 3].Select(items => $"[{string.Join(',', items)}]")));

    private static Gen<string> Pick(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    private static Gen<string> Object(Gen<string> value) =>
        Gen.Select(Pick(Fields), value, (name, inner) => $"\"{name}\":{inner}").Array[0, 6].Select(members => $"{{{string.Join(',', members)}}}");

    [Fact]
    public void Any_json_has_an_outcome() => Object(Value).Sample(json =>
    {
        using var document = JsonDocument.Parse(json);
        var context = new EventContext(Reading.Source, Reading.Now, null, null, default);
        var rules = new EventRules(new IngestOptions(), Reading.Pseudonymizer, new Reading.Decisions());
        EventReader.Read(document.RootElement, Encoding.UTF8.GetBytes(json), 0, rules, context).ShouldNotBeNull();
    }, iter: 5_000);

    [Fact]
    public void Any_bytes_can_be_taken_apart_or_not_but_never_crash() =>
        Gen.Select(Pick("{\"batch\":[", "{\"a\":{\"batch\":[", "", "["), Gen.Char["{}[]\",:\\ abtrue1\u00e9"].Array[0, 60], (head, tail) => head + new string(tail))
            .Sample(text =>
            {
                var body = Encoding.UTF8.GetBytes(text);
                CallBatch.ReadBatch(body, out var batch);
                batch.Dispose();
                CallBatch.ReadSingle(body, out var single);
                single.Dispose();
            }, iter: 20_000);

    [Fact]
    public void A_broken_element_never_hides_a_sound_one() =>
        Gen.Select(Pick("{\"a\":tru}", "{\"a\":1,}", "{a:1}", "nope", "{\"x\":\"\\q\"}", "{\"x\":[1,,2]}", "{\"a\":\"}{][,\", b}").Array[1, 5], Gen.Int[0, 5])
            .Sample((broken, position) =>
            {
                var elements = broken.ToList();
                elements.Insert(Math.Min(position, elements.Count), "{\"sound\":\"},{\\\"\"}");
                var body = Encoding.UTF8.GetBytes($$"""{"sentAt":"2026-06-01T00:00:00Z","batch":[ {{string.Join(" , ", elements)}} ],"writeKey":"k"}""");
                CallBatch.ReadBatch(body, out var batch).ShouldBeNull();
                using (batch)
                {
                    batch.WriteKey.ShouldBe("k");
                    batch.SentAt.ShouldNotBeNull();
                    batch.Calls.Select(call => Encoding.UTF8.GetString(call.Raw.Span)).ShouldBe(elements);
                    batch.Calls.Count(call => call.Fault is null).ShouldBe(1);
                }
            }, iter: 500);
}
