using System.Net;
using System.Runtime.InteropServices;
using Commerce.Streaming.LocalBroker;
using Commerce.Streaming.LocalRegistry;
using Commerce.Streaming.TrialBroker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

if (TrialOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(TrialOptions.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

using var logs = LoggerFactory.Create(logging => logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.UseUtcTimestamp = true;
    console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    console.ColorBehavior = LoggerColorBehavior.Disabled;
}));

await using var broker = options.KafkaPort is { } kafka ? await LocalBrokerServer.StartAsync(Broker(kafka), stop.Token) : null;
await using var registry = options.RegistryPort is { } http ? await LocalRegistryServer.StartAsync(Registry(http), stop.Token) : null;
await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
return 0;

LocalBrokerOptions Broker(int port) => new()
{
    DataDirectory = Path.Combine(options.Directory, "broker"),
    Address = IPAddress.Any,
    Port = port,
    AdvertisedHost = options.AdvertisedHost,
    // As Apache Kafka's connections.max.idle.ms.
    MaxIdle = TimeSpan.FromMinutes(10),
    LoggerFactory = logs,
};

LocalRegistryOptions Registry(int port) => new()
{
    DataDirectory = Path.Combine(options.Directory, "registry"),
    Host = "0.0.0.0",
    Port = port,
    LoggerFactory = logs,
};

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
