using System.Diagnostics;

namespace Commerce.Streaming.Testing;

/// <summary>A server that scripts start and stop; the start script's last line of output is its address.</summary>
public sealed class ServerScript(string stopScript, ThrowawayFolder folder, string address) : IAsyncDisposable
{
    public string Address => address;

    public static async Task<ServerScript> StartAsync(string home, string name, ThrowawayFolder folder, IReadOnlyList<string> options)
    {
        var output = await RunAsync(Path.Combine(home, "bin", name + "-start"), ["--dir", folder.Path, .. options]);
        var address = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
        return new ServerScript(Path.Combine(home, "bin", name + "-stop"), folder, address);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync(stopScript, ["--dir", folder.Path]);
        await folder.DisposeAsync();
    }

    private static async Task<string> RunAsync(string script, IReadOnlyList<string> arguments)
    {
        // The server inherits the script's pipes: only a file lets the read end with the script.
        var file = Path.GetTempFileName();
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", file, script, .. arguments]))!;
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
