using System.Diagnostics;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>Short commands that are asked a question.</summary>
internal static class CommandOutput
{
    /// <summary>What the command prints; empty when it fails.</summary>
    public static string Of(string file, params string[] arguments)
    {
        using var process = Start(file, arguments);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : "";
    }

    public static bool Succeeds(string file, params string[] arguments)
    {
        using var process = Start(file, arguments);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static Process Start(string file, string[] arguments)
    {
        var info = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var process = Process.Start(info)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
