using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Commerce.Streaming.LocalRegistry;

/// <summary>
/// A schema registry that speaks Confluent's REST API (version 7) for Avro, in this process. For development and trial:
/// one node, a journal on disk, no authentication.
/// </summary>
public sealed partial class LocalRegistryServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RegistryStore _store;

    private LocalRegistryServer(WebApplication app, RegistryStore store, string url)
    {
        _app = app;
        _store = store;
        Url = url;
    }

    /// <summary>Base address, without a slash at the end.</summary>
    public string Url { get; }

    /// <summary>Reads the journal and listens; answers from the moment this returns.</summary>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="IOException">The folder is in use, or the port is.</exception>
    /// <exception cref="InvalidDataException">The journal is damaged in the middle.</exception>
    public static async Task<LocalRegistryServer> StartAsync(LocalRegistryOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var watch = Stopwatch.StartNew();
        var (journal, state) = Journal.Open(options.DataDirectory);
        var store = new RegistryStore(journal, state);
        WebApplication? app = null;
        try
        {
            app = Build(options, store);
            await app.StartAsync(cancellationToken);
            var server = new LocalRegistryServer(app, store, AddressOf(app));
            if (options.LoggerFactory is { } loggers)
                Started(loggers.CreateLogger<LocalRegistryServer>(), server.Url, journal.Start.Lines, journal.Start.TornBytes, watch.ElapsedMilliseconds);
            return server;
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            store.Dispose();
            throw;
        }
    }

    /// <summary>Stops listening, lets requests under way end, closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var drain = new CancellationTokenSource(RegistryLimits.Drain))
            await _app.StopAsync(drain.Token);
        await _app.DisposeAsync();
        _store.Dispose();
    }

    private static WebApplication Build(LocalRegistryOptions options, RegistryStore store)
    {
        // Empty: no files, variables or arguments of the host process decide anything here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port);
            kestrel.Limits.MaxRequestBodySize = RegistryLimits.MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = RegistryLimits.MaxConnections;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, GuestLifetime>();
        if (options.LoggerFactory is { } loggers)
            builder.Services.AddSingleton(loggers);

        var app = builder.Build();
        app.Use((context, next) => ApiRoutes.Frame(context, () => next(context)));
        app.UseRouting();
        var routes = new ApiRoutes(app, store);
        ServerApi.Map(routes);
        SubjectApi.Map(routes, options.DefaultCompatibility);
        SchemaApi.Map(routes);
        SettingsApi.Map(routes, options.DefaultCompatibility);
        CompatibilityApi.Map(routes, options.DefaultCompatibility);
        return app;
    }

    private static string AddressOf(WebApplication app)
    {
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        var host = bound.Host is "0.0.0.0" or "[::]" ? IPAddress.Loopback.ToString() : bound.Host;
        return $"http://{host}:{bound.Port}";
    }

    [LoggerMessage(1, LogLevel.Information, "Schema registry listens on {Url}; {Lines} journal lines read, {TornBytes} torn bytes cut off, {Milliseconds} ms")]
    private static partial void Started(ILogger logger, string url, int lines, long tornBytes, long milliseconds);

    /// <summary>The registry is a guest in its process: signals are the host's business.</summary>
    private sealed class GuestLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
