using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Commerce.Streaming.LocalPostgres;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Tests;

/// <summary>
/// The whole life of a platform that consists of the stores alone (the real catalogue's services would need Kafka topics and
/// minutes): real processes, a real supervisor in the background.
/// </summary>
public sealed class PlatformLifeTests : IDisposable
{
    private const string Catalogue =
        """
        {"processes":[
          {"name":"broker","title":"Broker","kind":"broker","ports":{"kafka":1,"registry":2}},
          {"name":"garnet","title":"Redis","kind":"cache","assembly":"Commerce.Streaming.LocalCache","ports":{"redis":3},"dependsOn":["broker"]},
          {"name":"postgres","title":"PostgreSQL","kind":"postgres","ports":{"postgres":4},"stopSignal":"int"},
          {"name":"dashboard","title":"Dashboard","kind":"dashboard","ports":{"http":20,"otlpGrpc":21,"otlpHttp":22}}]}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly int _portBase = FreeBase();
    private readonly Dictionary<string, string> _environment;

    public PlatformLifeTests()
    {
        Directory.CreateDirectory(_folder.At("services"));
        File.WriteAllText(_folder.At("services/catalogue.json"), Catalogue);
        Directory.CreateSymbolicLink(_folder.At("artifacts"), Path.Combine(PlatformPaths.Root, "artifacts"));
        // PostgreSQL runs as another account and must be able to reach its folder.
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        _environment = new Dictionary<string, string>
        {
            ["COMMERCE_ROOT"] = _folder.Path,
            ["COMMERCE_PORT_BASE"] = _portBase.ToString(CultureInfo.InvariantCulture),
            ["COMMERCE_DASHBOARD"] = "off",
        };
    }

    [Fact]
    public async Task Up_is_idempotent_what_dies_comes_back_and_nothing_outlives_the_supervisor()
    {
        (await RunAsync("up")).ShouldSucceed();
        var first = State();
        first.Processes.ShouldAllBe(process => process.State == ProcessState.Ready);
        (await RunAsync("up")).ShouldSucceed();
        State().SupervisorId.ShouldBe(first.SupervisorId);

        Posix.Send(IdOf("garnet"), Signal.Kill);
        await Eventually.TrueAsync(() => State().Processes.Single(process => process.Name == "garnet") is { State: ProcessState.Ready, Restarts: 1 }, "restarted");
        (await RunAsync("status")).ShouldSucceed();

        var children = State().Processes;
        Posix.Send(first.SupervisorId, Signal.Kill);
        await Eventually.TrueAsync(() => children.All(child => !ProcessSnapshot.IsAlive(child.ProcessId!.Value, child.StartTicks!.Value)), "all gone");
        File.ReadAllText(_folder.At(".commerce/logs/postgres.log")).ShouldContain("database system is shut down");
        (await RunAsync("status")).ExitCode.ShouldBe(ExitCodes.Failure);

        (await RunAsync("up")).ShouldSucceed();
        (await RunAsync("down")).ShouldSucceed();
        Directory.Exists(_folder.At(".commerce/postgres")).ShouldBeTrue();
        (await RunAsync("reset", "--yes")).ShouldSucceed();
        Directory.Exists(_folder.At(".commerce")).ShouldBeFalse();
    }

    [Fact]
    public async Task Port_in_use_is_named_with_the_way_out()
    {
        var port = _portBase + 3;
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        other.Start();
        var run = await RunAsync("up");
        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain($"{port}  Redis (redis)");
        run.Error.ShouldContain("--port-base");
    }

    public void Dispose()
    {
        if (PlatformState.LoadLive(Paths) is { } live)
            Posix.Send(live.SupervisorId, Signal.Kill);
        PostgresPlacement.Delete(Paths.Postgres);
        _folder.Dispose();
    }

    private PlatformPaths Paths => new(_folder.At(".commerce"));

    private PlatformState State() => PlatformState.Load(Paths).ShouldNotBeNull();

    private int IdOf(string name) => State().Processes.Single(process => process.Name == name).ProcessId.ShouldNotBeNull();

    private Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(_environment, arguments);

    /// <summary>A block of ports that nobody had a moment ago, outside the range that the kernel hands out.</summary>
    private static int FreeBase() =>
        Enumerable.Range(0, 100).Select(_ => Random.Shared.Next(200, 320) * PlatformPorts.BlockSize)
            .First(candidate => Enumerable.Range(0, 23).All(offset => LoopbackPorts.IsFree(candidate + offset)));
}
