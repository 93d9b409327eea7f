using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Commerce.Streaming.TopicWriting;
using Confluent.Kafka;

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>A trace begins with the request and goes on in the records that it leads to.</summary>
[Collection(nameof(Edge))]
public sealed class TraceTests(IngestServer server) : IAsyncLifetime
{
    private readonly HttpClient _client = server.Client();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await server.SkipAsync();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_sampled_requests_trace_goes_on_in_each_of_its_records()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var listener = Sample(context => context.TraceId == trace);
        await PostAsync(trace);
        var records = await server.Events.ReadAsync();
        records.Count.ShouldBe(2);
        records.ShouldAllBe(record => TraceParentOf(record.Headers)!.StartsWith($"00-{trace.ToHexString()}-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_large_batch_only_the_first_records_go_on_with_the_trace()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var listener = Sample(context => context.TraceId == trace);
        await PostAsync(trace, calls: 20);
        var records = await server.Events.ReadAsync();
        records.Count.ShouldBe(20);
        records.Count(record => TraceParentOf(record.Headers) is not null).ShouldBe(8);
    }

    [Fact]
    public async Task A_request_that_is_not_sampled_adds_nothing_to_its_records()
    {
        await PostAsync(ActivityTraceId.CreateRandom());
        (await server.Events.ReadAsync()).ShouldAllBe(record => record.Headers.Count == 0);
    }

    private async Task PostAsync(ActivityTraceId trace, int calls = 2)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
        {
            Content = JsonContent.Create(new { batch = Enumerable.Range(0, calls).Select(Call) }),
        };
        request.Headers.Add(TraceHeaders.TraceParent, $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        (await _client.SendAsync(request, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static object Call(int id) => new { type = "track", @event = "A", userId = "u1", messageId = $"trace-{id}" };

    private static ActivityListener Sample(Func<ActivityContext, bool> keeps)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                keeps(options.Parent) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static string? TraceParentOf(Headers headers) =>
        headers.TryGetLastBytes(TraceHeaders.TraceParent, out var bytes) ? Encoding.ASCII.GetString(bytes) : null;
}
