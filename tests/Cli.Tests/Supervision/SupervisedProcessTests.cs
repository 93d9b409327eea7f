using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Commerce.Streaming.Cli.Supervision.Probes;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Tests.Supervision;

/// <summary>Real processes (a shell), scripted health.</summary>
public sealed class SupervisedProcessTests : IDisposable
{
    private const string Name = "child";
    private const string Sleeps = "echo started; exec sleep 1000";

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly StateBoard _board;
    private readonly CatalogueEntry _entry = new() { Name = Name, Title = "Child", StopSeconds = 5 };

    public SupervisedProcessTests() =>
        _board = new StateBoard(new PlatformSettings { Home = _folder.Path, PortBase = 20000 }, [_entry]);

    [Fact]
    public async Task Killed_process_is_started_again_and_its_log_goes_on()
    {
        var process = Create(Sleeps, () => Health.Ready);
        var life = process.RunAsync(_stop.Token);
        await process.FirstReady;
        var first = Status.ProcessId!.Value;
        await Eventually.TrueAsync(() => File.ReadAllText(_board.LogOf(Name)) == "started\n", "first life");

        Posix.Send(first, Signal.Kill);
        await Eventually.TrueAsync(() => Status is { State: ProcessState.Ready, Restarts: 1 }, "restarted");

        Status.ProcessId.ShouldNotBe(first);
        await Eventually.TrueAsync(() => File.ReadAllText(_board.LogOf(Name)) == "started\nstarted\n", "both lives in one log");
        await StopAsync(life);
        ProcessSnapshot.Of(first).ShouldBeNull();
        Status.State.ShouldBe(ProcessState.Stopped);
    }

    [Fact]
    public async Task Process_that_is_not_ready_is_left_to_recover()
    {
        var isReady = true;
        var process = Create(Sleeps, () => Volatile.Read(ref isReady) ? Health.Ready : Health.NotReady("the topic is missing"));
        var life = process.RunAsync(_stop.Token);
        await process.FirstReady;
        var id = Status.ProcessId;

        Volatile.Write(ref isReady, false);
        await Eventually.TrueAsync(() => Status.State is ProcessState.NotReady, "not ready");
        Status.Reason.ShouldBe("the topic is missing");
        Volatile.Write(ref isReady, true);
        await Eventually.TrueAsync(() => Status.State is ProcessState.Ready, "ready again");

        Status.ProcessId.ShouldBe(id);
        Status.Reason.ShouldBeNull();
        await StopAsync(life);
    }

    [Fact]
    public async Task Process_that_never_gets_ready_is_given_up_with_its_reason()
    {
        var process = Create("exit 3", () => Health.Silent("connection refused"));
        var life = process.RunAsync(_stop.Token);
        var failure = await Should.ThrowAsync<ProcessFailedException>(() => process.FirstReady);
        failure.Message.ShouldBe("child ended with exit code 3 (3 starts)");
        await life;
    }

    [Fact]
    public async Task Process_that_ignores_the_stop_signal_is_killed_after_its_grace()
    {
        var stubborn = _entry with { StopSeconds = 1 };
        var process = Create("trap '' TERM; while :; do sleep 0.1; done", () => Health.Ready, stubborn);
        var life = process.RunAsync(_stop.Token);
        await process.FirstReady;
        var id = Status.ProcessId!.Value;
        await StopAsync(life);
        ProcessSnapshot.Of(id).ShouldBeNull();
    }

    [Fact]
    public async Task Program_that_is_missing_is_a_reason_and_no_crash()
    {
        var process = new SupervisedProcess(
            _entry, () => throw new InvalidOperationException("not built"), new ScriptedProbe(() => Health.Ready), Nothing, _board, Log, TimeProvider.System);
        var life = process.RunAsync(_stop.Token);
        (await Should.ThrowAsync<ProcessFailedException>(() => process.FirstReady)).Message.ShouldContain("could not be started: not built");
        await life;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    private static SupervisorLog Log => new(TextWriter.Null, TimeProvider.System);

    private ProcessStatus Status => _board[Name];

    private static Task Nothing(Task exited, CancellationToken cancellation) => Task.CompletedTask;

    private SupervisedProcess Create(string script, Func<Health> health, CatalogueEntry? entry = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_board.LogOf(Name))!);
        var command = new ChildCommand("/bin/sh", ["-c", script]) { LogFile = _board.LogOf(Name) };
        return new SupervisedProcess(entry ?? _entry, () => command, new ScriptedProbe(health), Nothing, _board, Log, TimeProvider.System);
    }

    private async Task StopAsync(Task life)
    {
        await _stop.CancelAsync();
        await life;
    }
}
