using System.Runtime.InteropServices;
using Commerce.Streaming.Provision;
using Commerce.Streaming.Provision.Repartition;
using Commerce.Streaming.Provision.Rewind;

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var environment = new ConfigurationBuilder().AddEnvironmentVariables();
return args switch
{
    [RepartitionCommand.Verb, .. var rest] => await RepartitionCommand.RunAsync(rest, environment.Build(), TimeProvider.System, stop.Token),
    [RewindCommand.Verb, .. var rest] => RewindCommand.Run(environment.AddCommandLine(rest).Build(), TimeProvider.System, stop.Token),
    _ => await ProvisionCommand.RunAsync(environment.AddCommandLine(args).Build(), TimeProvider.System, stop.Token),
};

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
