using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Commerce.Streaming.ServiceDefaults.Tests;

/// <summary>Telemetry as a collector sees it. Instrumentation listens to the whole process, so no other host runs beside these tests.</summary>
[Collection("one host at a time")]
public sealed class TelemetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traces_metrics_and_logs_reach_the_collector_and_probes_are_not_traced()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await StartAsync(collector.Url, "--Telemetry:TraceSampleRatio=1");
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        await client.GetAsync("/work", Token);
        // The probe's own client is in this process and would be traced like any.
        using (SuppressInstrumentationScope.Begin())
            await client.GetAsync(HealthEndpoints.Ready, Token);
        // Disposing flushes: nothing is waited for.
        await app.StopAsync(Token);
        await app.DisposeAsync();

        collector.Text("/v1/traces").ShouldContain("/work");
        collector.Text("/v1/traces").ShouldNotContain("/health");
        collector.Text("/v1/traces").ShouldContain("test-service");
        collector.Text("/v1/metrics").ShouldContain("commerce.test.things");
        collector.Text("/v1/metrics").ShouldContain("http.server.request.duration");
        collector.Text("/v1/metrics").ShouldContain("dotnet.gc.collections");
        collector.Text("/v1/logs").ShouldContain("worked 1 times", Case.Sensitive, "people read the sentence, not its template");
    }

    [Fact]
    public async Task A_strangers_sampling_decision_is_not_followed_where_it_is_switched_off()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await StartAsync(collector.Url, "--Telemetry:TraceSampleRatio=0", "--Telemetry:TraceFloorSeconds=0", "--Telemetry:FollowCallersSampling=false");
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        await client.GetAsync("/work", Token);
        await app.StopAsync(Token);
        await app.DisposeAsync();
        collector.Text("/v1/traces").ShouldBeEmpty();
    }

    private static async Task<WebApplication> StartAsync(Uri collector, params string[] settings)
    {
        var builder = ServiceDefaultsHost.CreateServiceBuilder(
            [$"--OTEL_EXPORTER_OTLP_ENDPOINT={collector}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", .. settings], "test-service");
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapServiceDefaults();
        var things = app.Services.GetRequiredService<IMeterFactory>().Create("Commerce.Streaming.Test").CreateCounter<long>("commerce.test.things");
        app.MapGet("/work", (ILogger<TelemetryTests> logger) =>
        {
            things.Add(1);
            logger.LogInformation("worked {Times} times", 1);
        });
        await app.StartAsync(Token);
        return app;
    }

    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, StringBuilder> _received = new();

        public Uri Url => new(app.Urls.Single());

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var collector = new Collector(builder.Build());
            await collector.RunAsync();
            return collector;
        }

        /// <summary>What came to this path, bytes as characters: names stand in protobuf as they are.</summary>
        public string Text(string path) => _received.TryGetValue(path, out var text) ? text.ToString() : "";

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task RunAsync()
        {
            app.MapPost("/{**path}", async (HttpContext http) =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                var text = _received.GetOrAdd(http.Request.Path, _ => new StringBuilder());
                lock (text)
                    text.Append(Encoding.Latin1.GetString(body.ToArray()));
            });
            await app.StartAsync();
        }
    }
}
