using System.Runtime.InteropServices;
using Garnet;

// Garnet as this machine's Redis, in memory only: what the services keep here can be rebuilt from their changelog topics.
// Arguments of ours (`--port 17003`) follow the defaults and win; every option of Garnet is understood.
string[] defaults =
[
    "--bind", "127.0.0.1",
    "--lua", "true",
    "--memory", "512m", "--page", "4m", "--index", "16m",
    "--logger-level", "Warning",
    "-q",
];

using var stopped = new ManualResetEventSlim();
using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onInt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

using var server = new GarnetServer(Merge(defaults, args));
server.Start();
Console.WriteLine("Garnet is ready.");
stopped.Wait();

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopped.Set();
}

// Garnet refuses an option given twice.
static string[] Merge(string[] defaults, string[] given)
{
    var kept = new List<string>();
    for (var index = 0; index < defaults.Length; index++)
    {
        var hasValue = index + 1 < defaults.Length && !defaults[index + 1].StartsWith('-');
        if (!given.Contains(defaults[index]))
            kept.AddRange(hasValue ? defaults[index..(index + 2)] : defaults[index..(index + 1)]);
        if (hasValue)
            index++;
    }
    return [.. kept, .. given];
}
