using System.Net;
using System.Net.Sockets;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.LocalBroker;
using Commerce.Streaming.LocalRegistry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Runs the embedded broker and schema registry in the foreground until it is told to stop.</summary>
internal sealed class BrokerCommand : AsyncCommand<BrokerOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, BrokerOptions options, CancellationToken cancellationToken)
    {
        using var logs = LoggerFactory.Create(Configure);
        try
        {
            await using var broker = options.NoKafka ? null : await LocalBrokerServer.StartAsync(Broker(options, logs), cancellationToken);
            await using var registry = options.NoRegistry ? null : await LocalRegistryServer.StartAsync(Registry(options, logs), cancellationToken);
            if (broker is not null)
                Console.Out.WriteLine($"KAFKA_BOOTSTRAP={broker.BootstrapServers}");
            if (registry is not null)
                Console.Out.WriteLine($"SCHEMA_REGISTRY_URL={registry.Url}");
            await Task.WhenAny(Task.Delay(Timeout.Infinite, cancellationToken));
            return ExitCodes.Ok;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new CliException($"The broker cannot start: {e.Message}");
        }
    }

    private static LocalBrokerOptions Broker(BrokerOptions options, ILoggerFactory logs) => new()
    {
        DataDirectory = Path.GetFullPath(Path.Combine(options.Directory, "broker")),
        Address = IPAddress.Parse(options.Host),
        Port = options.Port,
        LoggerFactory = logs,
    };

    private static LocalRegistryOptions Registry(BrokerOptions options, ILoggerFactory logs) => new()
    {
        DataDirectory = Path.GetFullPath(Path.Combine(options.Directory, "registry")),
        Host = options.Host,
        Port = options.RegistryPort,
        LoggerFactory = logs,
    };

    // Logs are for stderr, so that a script can read the two addresses from stdout.
    private static void Configure(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            console.ColorBehavior = Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
        })
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
