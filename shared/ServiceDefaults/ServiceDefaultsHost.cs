using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.ServiceDefaults;

/// <summary>What every service process has in common: telemetry, health, logs and an orderly stop.</summary>
public static class ServiceDefaultsHost
{
    private const int Failed = 1;
    private const int InvalidConfiguration = 78;

    /// <summary>
    /// A builder with the defaults of <see cref="AddServiceDefaults"/>. Settings are read beside the program, so that it can be
    /// started from any folder.
    /// </summary>
    public static WebApplicationBuilder CreateServiceBuilder(string[] args, string serviceName) => WebApplication
        .CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory })
        .AddServiceDefaults(serviceName);

    /// <summary>
    /// Adds OpenTelemetry (when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set), single-line console logs, health checks
    /// and the graceful drain to <paramref name="builder"/>.
    /// </summary>
    /// <param name="serviceName">The service's catalogue name, such as <c>ingest</c>; becomes <c>service.name</c>.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, string serviceName)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHealthChecks();
        builder.AddConsoleLogs();
        builder.AddTelemetry(serviceName);
        builder.AddDrain();
        return builder;
    }

    /// <summary>
    /// Runs until stopped. Answers the process exit code: 0 after an ordinary stop, 78 (EX_CONFIG) when options are invalid,
    /// 1 when a background part of the service failed, so that a supervisor restarts it instead of seeing a clean exit.
    /// </summary>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Streaming.Service");
        // Taken before the run: afterwards the container is disposed.
        List<BackgroundService> backgroundServices = [];
        try
        {
            await app.StartAsync();
            backgroundServices = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
            await app.WaitForShutdownAsync();
        }
        catch (Exception failure) when (OptionFailures(failure) is { Count: > 0 } failures)
        {
            foreach (var each in failures)
                ServiceLog.InvalidOptions(logger, each);
            return InvalidConfiguration;
        }
        catch (Exception failure)
        {
            // A supervisor needs a code and one line, not a core dump.
            ServiceLog.Failed(logger, failure);
            return Failed;
        }

        return backgroundServices.Any(service => service.ExecuteTask is { IsFaulted: true }) ? Failed : 0;
    }

    /// <summary>One invalid section throws its own exception, several are thrown as an aggregate.</summary>
    private static List<string> OptionFailures(Exception failure) => failure switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several => [.. several.InnerExceptions.SelectMany(OptionFailures)],
        _ => [],
    };

    private static void AddConsoleLogs<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole();
        // Logging:Console:FormatterName=json turns the same lines into JSON where a collector wants it.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(options => options.FormatterName ??= ConsoleFormatterNames.Simple);
        builder.Services.PostConfigure<SimpleConsoleFormatterOptions>(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.ColorBehavior = LoggerColorBehavior.Disabled;
            options.TimestampFormat ??= "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }
}
