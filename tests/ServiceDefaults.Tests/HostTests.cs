using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.ServiceDefaults.Tests;

[Collection("one host at a time")]
public sealed class HostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_says_which_check_failed_and_why_while_live_stays_up()
    {
        string? reason = "topic is missing";
        await using var app = await StartAsync(builder => builder.Services.AddReadiness("kafka", _ => reason));
        using var client = ClientOf(app);

        using var notReady = await client.GetAsync(HealthEndpoints.Ready, Token);
        notReady.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        notReady.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        using var body = JsonDocument.Parse(await notReady.Content.ReadAsStringAsync(Token));
        body.RootElement.GetProperty("status").GetString().ShouldBe("unhealthy");
        body.RootElement.GetProperty("checks").GetProperty("kafka").GetProperty("reason").GetString().ShouldBe("topic is missing");
        (await client.GetAsync(HealthEndpoints.Live, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        reason = null;
        (await client.GetAsync(HealthEndpoints.Ready, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Live_fails_when_what_is_tagged_live_is_beyond_help()
    {
        await using var app = await StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("pipeline.loop", () => HealthCheckResult.Unhealthy("its loop has not turned for 200 s"), [HealthEndpoints.LiveTag]));
        using var client = ClientOf(app);

        using var live = await client.GetAsync(HealthEndpoints.Live, Token);

        live.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await live.Content.ReadAsStringAsync(Token)).ShouldContain("its loop has not turned");
    }

    [Fact]
    public async Task Stop_turns_not_ready_first_and_lets_the_request_in_flight_finish()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var app = await StartAsync(_ => { }, app => app.MapGet("/slow", async () =>
        {
            entered.SetResult();
            await release.Task;
            return "done";
        }));
        using var client = ClientOf(app);
        var slow = client.GetStringAsync("/slow", Token);
        await entered.Task;

        var stopping = app.StopAsync(Token);
        app.Services.GetRequiredService<DrainState>().IsDraining.ShouldBeTrue();
        stopping.IsCompleted.ShouldBeFalse();
        release.SetResult();

        (await slow).ShouldBe("done");
        await stopping;
    }

    [Fact]
    public async Task Invalid_options_end_the_process_with_the_configuration_code_and_name_every_fault()
    {
        var log = new RecordedLog();
        var app = Build(builder =>
        {
            builder.AddValidatedOptions<KafkaOptions>(KafkaOptions.Section);
            builder.AddValidatedOptions<TelemetryOptions>(TelemetryOptions.Section);
            builder.Configuration["Kafka:BootstrapServers"] = "";
            builder.Configuration["Drain:BudgetSeconds"] = "0";
            builder.Logging.AddProvider(log);
        });
        (await app.RunServiceAsync()).ShouldBe(78);
        log.Lines.ShouldContain(line => line.Contains("Kafka__BootstrapServers=host:port"));
        log.Lines.ShouldContain(line => line.Contains("BudgetSeconds"));
    }

    [Fact]
    public async Task A_failed_background_service_is_not_a_clean_exit()
    {
        var app = Build(builder => builder.Services.AddHostedService<Failing>());
        (await app.RunServiceAsync()).ShouldBe(1);
    }

    private static WebApplication Build(Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults("test");
        configure(builder);
        var app = builder.Build();
        app.MapServiceDefaults();
        return app;
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplicationBuilder> configure, Action<WebApplication>? map = null)
    {
        var app = Build(configure);
        map?.Invoke(app);
        await app.StartAsync(Token);
        return app;
    }

    private static HttpClient ClientOf(WebApplication app) => new() { BaseAddress = new Uri(app.Urls.Single()) };

    private sealed class Failing : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("broken");
        }
    }
}
