using System.Diagnostics;
using System.Globalization;

namespace Commerce.Streaming.Cli.Commands.Test;

/// <summary>A built test project.</summary>
internal sealed record TestProject(string Name, string Program)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>All projects in tests/*.Tests, by name.</summary>
    public static IReadOnlyList<TestProject> FindAll(string root, string? part) =>
        [.. Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => part is null || name.Contains(part, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Select(name => new TestProject(name, Supervision.ProcessCommands.AssemblyPath(name)))];

    /// <summary>Runs its tests; what fails is printed as it happens.</summary>
    public async Task<TestCounts> RunAsync(CancellationToken cancellation)
    {
        var report = Path.Combine(Path.GetTempPath(), $"commerce-test-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}.json");
        var begin = TimeProvider.System.GetTimestamp();
        try
        {
            var exitCode = await RunAsync(report, cancellation);
            var seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
            return TestCounts.Read(File.Exists(report) ? await File.ReadAllTextAsync(report, cancellation) : null, exitCode, seconds);
        }
        finally
        {
            File.Delete(report);
        }
    }

    private async Task<int> RunAsync(string report, CancellationToken cancellation)
    {
        string[] arguments = [Program, "-noLogo", "-reporter", "quiet", "-result-ctrf", report, .. Console.IsOutputRedirected ? new[] { "-noColor" } : []];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Path.GetDirectoryName(Program) })!;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        try
        {
            await process.WaitForExitAsync(limited.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            Console.Out.WriteLine($"{Name} was ended: it ran for more than {Limit.TotalMinutes:0} minutes");
            return -1;
        }
    }
}
