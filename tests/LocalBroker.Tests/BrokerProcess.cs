using System.Diagnostics;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>The broker as a process of its own, so that it can be killed.</summary>
public sealed class BrokerProcess : IDisposable
{
    private readonly Process _process;

    private BrokerProcess(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    public string Address { get; }

    public int Port => int.Parse(Address[(Address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    public static async Task<BrokerProcess> StartAsync(string directory, int port = 0)
    {
        var host = Path.Combine(AppContext.BaseDirectory, "Commerce.Streaming.LocalBroker.Host.dll");
        var start = new ProcessStartInfo("dotnet", [host, "--dir", directory, "--port", $"{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var address = await process.StandardOutput.ReadLineAsync(TestBroker.Ended);
        return address is null ? throw new InvalidOperationException("The broker did not start.") : new BrokerProcess(process, address);
    }

    /// <summary>kill -9: nothing is flushed, closed or said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestBroker.Ended);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
