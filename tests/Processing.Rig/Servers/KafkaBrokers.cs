using System.Diagnostics;
using System.Globalization;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Processing.Rig.Servers;

/// <summary>Apache Kafka, one or several brokers, by the scripts kafka-start and kafka-stop of <paramref name="home"/>.</summary>
internal sealed class KafkaBrokers(string home, string folder, int count) : IBrokers
{
    private const int StartAttemptsMax = 20;
    private static readonly TimeSpan RestartInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    /// <summary>A Java process that starts on a busy machine.</summary>
    private const string StartSecondsMax = "180";

    private readonly string _port = FindPorts(count).ToString(CultureInfo.InvariantCulture);

    public string Bootstrap { get; private set; } = "";

    public int Count => count;

    public async Task StartAllAsync()
    {
        var output = await RunAsync("kafka-start", "--port", _port, "--brokers", count.ToString(CultureInfo.InvariantCulture), "--wait", StartSecondsMax);
        Bootstrap = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
    }

    public async Task StartAsync(int index)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunAsync("kafka-start", "--only", NodeOf(index), "--wait", StartSecondsMax);
                return;
            }
            catch (InvalidOperationException taken) when (attempt < StartAttemptsMax && taken.Message.Contains("is taken", StringComparison.Ordinal))
            {
                // The threads of the killed process end one by one, and the last one lets the port go.
                await Task.Delay(RestartInterval);
            }
        }
    }

    public async Task KillAsync(int index)
    {
        var process = ProcessOf(index);
        Signals.Send(process, Signals.Kill);
        // Not our child: it is gone when its folder in /proc is, or a zombie of whoever adopted it.
        while (Directory.Exists($"/proc/{process}") && !(await File.ReadAllTextAsync($"/proc/{process}/stat")).Contains(") Z", StringComparison.Ordinal))
            await Task.Delay(PollInterval);
    }

    public void Pause(int index) => Signals.Send(ProcessOf(index), Signals.Stop);

    public void Resume(int index) => Signals.Send(ProcessOf(index), Signals.Continue);

    public async ValueTask DisposeAsync() => await RunAsync("kafka-stop");

    private static string NodeOf(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Broker i takes the port + i, its controller the one a thousand above.</summary>
    private static int FindPorts(int count)
    {
        while (true)
        {
            var port = Random.Shared.Next(21_000, 28_000);
            if (Enumerable.Range(0, count).All(index => LoopbackPorts.IsFree(port + index) && LoopbackPorts.IsFree(port + 1_000 + index)))
                return port;
        }
    }

    private int ProcessOf(int index) =>
        int.Parse(File.ReadAllText(Path.Combine(folder, $"broker-{NodeOf(index)}.pid")), CultureInfo.InvariantCulture);

    private async Task<string> RunAsync(string script, params string[] options)
    {
        // The servers inherit the script's pipes: only a file lets the read end with the script.
        var file = Path.GetTempFileName();
        try
        {
            using var process = Process.Start(new ProcessStartInfo(
                "/bin/sh",
                ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", file, Path.Combine(home, "bin", script), "--dir", folder, .. options]))!;
            await process.WaitForExitAsync();
            var output = await File.ReadAllTextAsync(file);
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script} ended with {process.ExitCode}:\n{output}");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
