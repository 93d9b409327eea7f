using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Testing;

/// <summary>A service as a process of its own, for tests that end it the hard way. The test project references the service's project.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);
    private readonly ChildProcess _process;
    private readonly string _log;

    private ServiceProcess(ChildProcess process, Uri url, string log) => (_process, Url, _log) = (process, url, log);

    public Uri Url { get; }

    /// <summary>Starts <paramref name="assembly"/> (without .dll) and waits until it is ready.</summary>
    /// <param name="port">0 takes a free one.</param>
    public static async Task<ServiceProcess> StartAsync(string assembly, IEnumerable<KeyValuePair<string, string?>> settings, int port = 0)
    {
        var url = new Uri($"http://127.0.0.1:{(port == 0 ? LoopbackPorts.FindFree() : port)}");
        var log = Path.Combine(Path.GetTempPath(), $"commerce-test-{assembly}-{Guid.NewGuid():N}.log");
        var environment = settings.ToDictionary(each => each.Key.Replace(":", "__", StringComparison.Ordinal), each => each.Value, StringComparer.Ordinal);
        environment["ASPNETCORE_URLS"] = url.ToString();
        var program = Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        var process = await ChildProcesses.StartAsync(new ChildCommand("dotnet", [program]) { Environment = environment, LogFile = log });
        var service = new ServiceProcess(process, url, log);
        try
        {
            await HttpReadiness.WaitAsync(url);
            return service;
        }
        catch (TimeoutException late)
        {
            var lines = await File.ReadAllTextAsync(log);
            await service.DisposeAsync();
            throw new TimeoutException($"{late.Message}\n{lines}", late);
        }
    }

    /// <summary>SIGKILL: no drain, no flush, nothing.</summary>
    public async Task KillAsync()
    {
        _process.Send(Signal.Kill);
        await _process.Exited;
    }

    /// <summary>SIGTERM now; <see cref="ExitCodeAsync"/> waits for the end.</summary>
    public void Terminate() => _process.Send(Signal.Term);

    public async Task<int> ExitCodeAsync()
    {
        await _process.Exited.WaitAsync(StopGrace);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(Signal.Term, StopGrace);
        _process.Dispose();
        File.Delete(_log);
    }
}
