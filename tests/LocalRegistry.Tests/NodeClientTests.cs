using System.Diagnostics;

namespace Commerce.Streaming.LocalRegistry.Tests;

/// <summary>npm's @confluentinc/schemaregistry, unmodified.</summary>
public sealed class NodeClientTests(LocalRegistryUnderTest registry) : IClassFixture<LocalRegistryUnderTest>
{
    [Fact]
    public async Task Confluents_client_for_Node_works_as_it_comes()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "node")))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        var installed = await RunAsync(folder.Path, "npm", "install", "--no-audit", "--no-fund", "--silent", "--prefer-offline");
        Assert.SkipWhen(installed is null, "npm is not on PATH");
        Assert.SkipWhen(installed!.Value.Code != 0, "npm cannot install @confluentinc/schemaregistry here");

        var run = await RunAsync(folder.Path, "node", "client.mjs", registry.Caller.Url);

        run!.Value.Code.ShouldBe(0, run.Value.Output);
    }

    /// <summary>Null when there is no such program.</summary>
    private static async Task<(int Code, string Output)?> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output + await errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
