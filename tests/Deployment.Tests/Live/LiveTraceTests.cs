using System.Text.Json;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>
/// What the collector wrote of a run (eng/verify-observability): traces that begin with a request to the collection API and end with the
/// commit of a row in Postgres, each span a child of one before it.
/// </summary>
public sealed class LiveTraceTests
{
    private const string FileVariable = "COMMERCE_TEST_TRACES";

    [Fact]
    public void A_trace_goes_from_the_http_request_through_kafka_to_the_row()
    {
        var file = Environment.GetEnvironmentVariable(FileVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(file), $"{FileVariable} is not set: eng/verify-observability makes a run and sets it");
        var spans = File.ReadLines(file!).SelectMany(Spans).ToList();

        var chains = spans
            .Where(span => span.Service == "warehouse" && span.Name == "load commerce.orders.completed.v1")
            .Select(row => Chain(row, spans.Where(span => span.Trace == row.Trace).ToLookup(span => span.Id)))
            .ToList();

        TestContext.Current.TestOutputHelper?.WriteLine($"{spans.Count} spans, {chains.Count} orders loaded within a trace");
        chains.ShouldContain(
            chain => chain.SequenceEqual(new[] { "warehouse", "identity-resolution", "ingest" }),
            string.Join("; ", chains.Select(chain => string.Join(" < ", chain)).Distinct()));
    }

    /// <summary>Services from the span up to the root of its trace.</summary>
    private static List<string> Chain(Span row, ILookup<string, Span> byId)
    {
        var chain = new List<string>();
        for (Span? span = row; span is not null; span = byId[span.Parent].FirstOrDefault())
        {
            if (chain.LastOrDefault() != span.Service)
                chain.Add(span.Service);
            if (span.Parent.Length == 0 && span.Kind == ServerKind)
                return chain;
        }

        return [.. chain, "?"];
    }

    private const int ServerKind = 2;

    private static IEnumerable<Span> Spans(string line)
    {
        using var json = JsonDocument.Parse(line);
        if (!json.RootElement.TryGetProperty("resourceSpans", out var resources))
            return [];
        return (
            from resource in resources.EnumerateArray()
            let service = resource.GetProperty("resource").GetProperty("attributes").EnumerateArray()
                .First(attribute => attribute.GetProperty("key").GetString() == "service.name").GetProperty("value").GetProperty("stringValue").GetString()!
            from scope in resource.GetProperty("scopeSpans").EnumerateArray()
            from span in scope.GetProperty("spans").EnumerateArray()
            select new Span(
                service, span.GetProperty("name").GetString()!, span.GetProperty("kind").GetInt32(), span.GetProperty("traceId").GetString()!,
                span.GetProperty("spanId").GetString()!, span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString()! : "")).ToList();
    }

    private sealed record Span(string Service, string Name, int Kind, string Trace, string Id, string Parent);
}
