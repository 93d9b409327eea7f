using Commerce.Streaming.LocalBroker;
using Commerce.Streaming.LocalBroker.Host;
using Microsoft.Extensions.Logging;

if (HostArguments.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(HostArguments.Usage);
    return 2;
}

using var logs = LoggerFactory.Create(logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
await using var broker = await LocalBrokerServer.StartAsync(options with { LoggerFactory = logs });
using var stop = new StopSignal();
await Console.Out.WriteLineAsync(broker.BootstrapServers);
await stop.Requested;
return 0;
