using System.Globalization;
using System.Net.Sockets;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Processing.Rig.Servers;

/// <summary>The embedded broker as a process.</summary>
internal sealed class LocalBrokers(string folder) : IBrokers
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);
    private readonly int _port = LoopbackPorts.FindFree();
    private ChildProcess? _process;

    public string Bootstrap => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    public int Count => 1;

    public async Task StartAsync(int index)
    {
        Directory.CreateDirectory(folder);
        var command = SiblingProgram.Of(
            "Commerce.Streaming.LocalBroker.Host",
            "--dir", Path.Combine(folder, "broker"), "--port", _port.ToString(CultureInfo.InvariantCulture));
        _process = await ChildProcesses.StartAsync(command with { LogFile = Path.Combine(folder, "broker.log") });
        await Listening.WaitAsync(_port, StartMax);
    }

    public async Task KillAsync(int index)
    {
        _process!.Send(Signal.Kill);
        await _process.Exited;
    }

    public void Pause(int index) => Signals.Send(_process!.Id, Signals.Stop);

    public void Resume(int index) => Signals.Send(_process!.Id, Signals.Continue);

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        await _process.StopAsync(Signal.Term, StartMax);
        _process.Dispose();
    }
}

/// <summary>Waits for a server's port.</summary>
internal static class Listening
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task WaitAsync(int port, TimeSpan max)
    {
        using var limit = new CancellationTokenSource(max);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Interval, limit.Token);
            }
        }
    }
}
