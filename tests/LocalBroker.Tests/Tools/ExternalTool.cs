using System.Diagnostics;

namespace Commerce.Streaming.LocalBroker.Tests.Tools;

/// <summary>A program that is not of this repository: what it wrote and how it ended.</summary>
internal sealed record ExternalTool(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Runs the program to its end; skips the test when there is no such program.</summary>
    public static async Task<ExternalTool> RunAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(BrokerClients.Ended);
        limit.CancelAfter(Limit);
        using var process = StartOrSkip(program, arguments);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new ExternalTool(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The same, for a program that must succeed.</summary>
    public static async Task<ExternalTool> SucceedAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        var ended = await RunAsync(program, arguments, input);
        ended.ExitCode.ShouldBe(0, $"{ended.Output}\n{ended.Errors}");
        return ended;
    }

    private static Process StartOrSkip(string program, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception absent)
        {
            Assert.Skip($"{program} cannot be run here: {absent.Message}");
            throw;
        }
    }
}
