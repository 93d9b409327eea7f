using System.Net.Http.Headers;
using System.Text;
using Commerce.Collection;
using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Ingest.Http;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>The service on a port of its own, with real Kafka behind it; as in production but for its settings.</summary>
public sealed class IngestServer(KafkaFixture kafka) : IAsyncLifetime
{
    public const string WriteKey = "wk_main";
    public const string PlannedWriteKey = "wk_planned";
    public const string DisabledWriteKey = "wk_disabled";
    public static readonly string SealingKey = KafkaFixture.SealingKey;
    public static readonly string PseudonymKey = Convert.ToBase64String(Enumerable.Repeat((byte)8, 32).ToArray());

    private WebApplication? _app;

    public TopicTap<CollectedEvent> Events { get; private set; } = null!;

    public TopicTap<QuarantinedEvent> Quarantine { get; private set; } = null!;

    public TopicTap<StockCommand> Stock { get; private set; } = null!;

    public Uri Url { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public async ValueTask InitializeAsync()
    {
        _app = await StartAsync(kafka.ServiceSettings);
        Url = new Uri(_app.Urls.Single());
        Events = await TopicTap<CollectedEvent>.OpenAsync(kafka, Topics.CollectionEvents);
        Quarantine = await TopicTap<QuarantinedEvent>.OpenAsync(kafka, Topics.CollectionQuarantine);
        Stock = await TopicTap<StockCommand>.OpenAsync(kafka, Topics.InventoryStockCommands);
    }

    /// <summary>Each test calls this first: it shall see only its own records.</summary>
    public Task SkipAsync() => Task.WhenAll(Events.SkipAsync(), Quarantine.SkipAsync(), Stock.SkipAsync());

    /// <summary>A client that authenticates with <paramref name="writeKey"/>, or not at all when it is null.</summary>
    public HttpClient Client(string? writeKey = WriteKey)
    {
        var client = new HttpClient { BaseAddress = Url };
        if (writeKey is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(writeKey + ":")));
        return client;
    }

    public static async Task<WebApplication> StartAsync(Dictionary<string, string?> servers, Dictionary<string, string?>? settings = null)
    {
        var builder = ServiceDefaultsHost.CreateServiceBuilder([], "ingest");
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Configuration.AddInMemoryCollection(servers);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddIngest();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapIngest();
        await app.StartAsync();
        await HttpReadiness.WaitAsync(new Uri(app.Urls.Single()));
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        Events?.Dispose();
        Quarantine?.Dispose();
        Stock?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }

    internal static Dictionary<string, string?> Settings => new()
    {
        ["Privacy:PseudonymKey"] = PseudonymKey,
        ["Logging:LogLevel:Default"] = "Error",
        [$"Sources:{WriteKey}:Id"] = "test-source",
        [$"Sources:{WriteKey}:Platform"] = "test-shop",
        [$"Sources:{WriteKey}:TimeZone"] = "Europe/Berlin",
        [$"Sources:{WriteKey}:Currency"] = "EUR",
        [$"Sources:{WriteKey}:ConsentDefault:Analytics"] = "true",
        ["Sources:WK_test:Id"] = "sdk-source",
        ["Sources:WK_test:Platform"] = "test-shop",
        ["Sources:WK_test:TimeZone"] = "Europe/Lisbon",
        ["Sources:WK_test:Currency"] = "EUR",
        [$"Sources:{PlannedWriteKey}:Id"] = "planned-source",
        [$"Sources:{PlannedWriteKey}:Platform"] = "test-shop",
        [$"Sources:{PlannedWriteKey}:TimeZone"] = "Europe/Berlin",
        [$"Sources:{PlannedWriteKey}:Currency"] = "EUR",
        [$"Sources:{PlannedWriteKey}:TrackingPlan:0"] = "Order Completed",
        [$"Sources:{DisabledWriteKey}:Id"] = "disabled-source",
        [$"Sources:{DisabledWriteKey}:Platform"] = "test-shop",
        [$"Sources:{DisabledWriteKey}:TimeZone"] = "Europe/Berlin",
        [$"Sources:{DisabledWriteKey}:Currency"] = "EUR",
        [$"Sources:{DisabledWriteKey}:Enabled"] = "false",
    };
}
