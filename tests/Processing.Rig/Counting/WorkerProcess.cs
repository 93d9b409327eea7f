using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Commerce.Streaming.Processing.Rig.Counting;

/// <summary>A worker in a process of its own, so that it can be killed as crashes kill.</summary>
public sealed partial class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private WorkerProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public static WorkerProcess Start(Addresses servers, CountingTopology topology, string instance, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CountingTopology).Assembly.Location, topology.Input.Name[..^".in".Length], topology.Input.Partitions.ToString(System.Globalization.CultureInfo.InvariantCulture), .. topology.IsParking ? (string[])["parking"] : []])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Kafka__BootstrapServers"] = servers.Kafka;
        start.Environment["SchemaRegistry__Url"] = servers.Registry;
        start.Environment["Redis__Url"] = servers.Redis;
        start.Environment["Processing__InstanceId"] = instance;
        start.Environment["Processing__SessionTimeout"] = "00:00:06";
        start.Environment["Processing__TransactionTimeout"] = "00:00:05";
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var worker = new WorkerProcess(process);
        process.OutputDataReceived += (_, line) => worker.Append(line.Data);
        process.ErrorDataReceived += (_, line) => worker.Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>As kill -9 or the machine's death.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>As a machine that hangs: nothing runs, connections stay.</summary>
    public void Pause() => Signal(SigStop);

    public void Resume() => Signal(SigCont);

    /// <summary>An orderly stop.</summary>
    public async Task<int> StopAsync()
    {
        Signal(SigTerm);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Waits for it to end by itself.</summary>
    public async Task<int> ExitCodeAsync(TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits for a line of the worker's log.</summary>
    public async Task WaitForLogAsync(string text, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        while (!Log.Contains(text, StringComparison.Ordinal))
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"no '{text}' in the worker's log:\n{Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
    }

    private void Signal(int signal)
    {
        if (kill(_process.Id, signal) != 0)
            throw new InvalidOperationException($"signal {signal} could not be sent");
    }

    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
