using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.Testing;

/// <summary>A service with its HTTP edge, in this process, on a free port.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly WebApplication _app;

    private RunningService(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    /// <summary>Speaks to the service.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts the service and waits until it is ready.</summary>
    /// <param name="settings">Such as <see cref="KafkaFixture.ServiceSettings"/>.</param>
    /// <param name="add">What its Program adds to the builder.</param>
    /// <param name="map">What its Program maps.</param>
    public static async Task<RunningService> StartAsync(
        IEnumerable<KeyValuePair<string, string?>> settings, Action<WebApplicationBuilder> add, Action<WebApplication> map, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        add(builder);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        map(app);
        await app.StartAsync(cancellationToken);
        var service = new RunningService(app);
        await service.UntilAsync(async client => (await client.GetAsync("/health/ready", cancellationToken)).IsSuccessStatusCode, cancellationToken);
        return service;
    }

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public async Task UntilAsync(Func<HttpClient, Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ReadyWithin);
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!await condition(Client)) await timer.WaitForNextTickAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("the service never came to answer so");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
