using Commerce.Consent;
using Commerce.Streaming.Consent.Http;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace Commerce.Streaming.Consent.Tests;

/// <summary>The service on a port of its own, with real Kafka behind it.</summary>
public sealed class ConsentServer(KafkaFixture kafka) : IAsyncLifetime
{
    public static readonly string PseudonymKey = Convert.ToBase64String(Enumerable.Repeat((byte)8, 32).ToArray());
    private static int _instances;
    private WebApplication? _app;

    public HttpClient Client { get; private set; } = null!;

    public TopicTap<ConsentDecided> Decisions { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await StartAsync(kafka);
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        Decisions = await TopicTap<ConsentDecided>.OpenAsync(kafka, Topics.ConsentDecisions);
    }

    public static async Task<WebApplication> StartAsync(KafkaFixture kafka, Dictionary<string, string?>? settings = null)
    {
        var builder = ServiceDefaultsHost.CreateServiceBuilder([], "consent");
        builder.Configuration.AddInMemoryCollection(kafka.ServiceSettings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Privacy:PseudonymKey"] = PseudonymKey,
            ["Logging:LogLevel:Default"] = "Error",
            // Two instances in one test are two replicas.
            ["Processing:InstanceId"] = $"consent-{Interlocked.Increment(ref _instances)}",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddConsent();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapDecisions();
        await app.StartAsync();
        await HttpReadiness.WaitAsync(new Uri(app.Urls.Single()));
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        Decisions?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }
}
