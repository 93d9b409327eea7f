using System.Runtime.InteropServices;
using Commerce.Streaming.Provision;
using Commerce.Streaming.Provision.Repartition;

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

if (args is [RepartitionCommand.Verb, .. var rest])
    return await RepartitionCommand.RunAsync(rest, new ConfigurationBuilder().AddEnvironmentVariables().Build(), TimeProvider.System, stop.Token);
var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
return args is [RewindCommand.Name, ..]
    ? await RewindCommand.RunAsync(configuration, stop.Token)
    : await ProvisionCommand.RunAsync(configuration, TimeProvider.System, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
