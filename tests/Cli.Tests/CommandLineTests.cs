using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Supervision.Probes;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Tests;

/// <summary>What a shell sees of the real program.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("fly")]
    [InlineData("up", "--unknown")]
    [InlineData("up", "--port-base", "many")]
    [InlineData("up", "--port-base", "70000")]
    [InlineData("logs")]
    [InlineData("broker", "--port", "-1")]
    [InlineData("broker", "--no-kafka", "--no-registry")]
    public async Task Wrong_usage_is_exit_code_2_and_says_why_on_stderr(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldNotBeEmpty();
        run.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Reset_does_not_delete_unasked()
    {
        var run = await RunAsync("reset");
        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain("--yes");
    }

    [Fact]
    public async Task Nothing_runs_status_fails_and_down_succeeds()
    {
        (await RunAsync("status")).ExitCode.ShouldBe(ExitCodes.Failure);
        (await RunAsync("down")).ExitCode.ShouldBe(ExitCodes.Ok);
    }

    [Fact]
    public async Task Help_has_examples_and_no_colours_in_a_pipe()
    {
        var run = await RunAsync("up", "--help");
        run.ExitCode.ShouldBe(ExitCodes.Ok);
        run.Output.ShouldContain("EXAMPLES");
        run.Output.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task Env_is_shell_exports_only_and_carries_external_addresses()
    {
        var run = await CommandRun.OfAsync(
            new Dictionary<string, string> { ["COMMERCE_HOME"] = _folder.Path, ["COMMERCE_PORT_BASE"] = "23000", ["COMMERCE_KAFKA_BOOTSTRAP"] = "kafka.example:9092" },
            "env");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(line => line.StartsWith("export "));
        lines.ShouldContain("export KAFKA_BOOTSTRAP=kafka.example:9092");
        lines.ShouldContain("export SCHEMA_REGISTRY_URL=http://127.0.0.1:23002");
        lines.ShouldContain(line => line.StartsWith("export DATABASE_URL=postgresql://commerce_reporting:"));
        File.GetUnixFileMode(_folder.At("keys.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Broker_prints_its_addresses_serves_and_stops_on_SIGTERM()
    {
        using var process = CommandRun.Start(new Dictionary<string, string>(), "broker", "--port", "0", "--registry-port", "0", "--dir", _folder.Path);
        var kafka = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var registry = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        var port = int.Parse(kafka!.Split(':')[^1], CultureInfo.InvariantCulture);
        (await new KafkaProbe(port).CheckAsync(TestContext.Current.CancellationToken)).ShouldBe(Health.Ready);
        using var http = new HttpClient();
        (await http.GetStringAsync(registry!.Split('=')[1] + "/subjects", TestContext.Current.CancellationToken)).ShouldBe("[]");

        Posix.Send(process.Id, Signal.Term).ShouldBeTrue();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(ExitCodes.Ok);
    }

    public void Dispose() => _folder.Dispose();

    private Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(new Dictionary<string, string> { ["COMMERCE_HOME"] = _folder.Path }, arguments);
}
