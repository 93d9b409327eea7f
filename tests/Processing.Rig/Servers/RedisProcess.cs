using System.Globalization;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Processing.Rig.Servers;

/// <summary>Redis without persistence (redis-server where it is installed, else Garnet): killed, it has lost everything.</summary>
internal sealed class RedisProcess(string folder) : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);
    private readonly int _port = LoopbackPorts.FindFree();
    private ChildProcess? _process;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_port}");

    public string Kind => Executables.Find("redis-server") is null ? "Garnet" : "redis-server";

    public async Task StartAsync()
    {
        Directory.CreateDirectory(folder);
        var port = _port.ToString(CultureInfo.InvariantCulture);
        var command = Executables.Find("redis-server") is { } server
            ? new ChildCommand(server, ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            : SiblingProgram.Of("Commerce.Streaming.LocalCache", "--port", port, "--memory", "64m");
        _process = await ChildProcesses.StartAsync(command with { WorkingDirectory = folder, LogFile = Path.Combine(folder, "redis.log") });
        await Listening.WaitAsync(_port, StartMax);
    }

    public async Task KillAsync()
    {
        _process!.Send(Signal.Kill);
        await _process.Exited;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        await _process.StopAsync(Signal.Term, StartMax);
        _process.Dispose();
    }
}
