using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Samples.Tests;

/// <summary>A sample as a process of its own, as its reader would start it.</summary>
internal sealed class SampleProcess(ChildCommand command) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly string _log = Path.Combine(Path.GetTempPath(), $"commerce-sample-{Guid.NewGuid():N}.log");
    private ChildProcess? _process;

    public async Task StartAsync() => _process = await ChildProcesses.StartAsync(command with { LogFile = _log });

    /// <summary>SIGKILL: no commit, no close, nothing.</summary>
    public async Task KillAsync()
    {
        _process!.Send(Signal.Kill);
        await _process.Exited;
        _process.Dispose();
        _process = null;
    }

    /// <summary>Waits while the sample runs; what it said is in the failure.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Patience);
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!await condition())
            {
                if (_process!.Exited.IsCompleted)
                    Assert.Fail($"the sample ended by itself:\n{await File.ReadAllTextAsync(_log, cancellation)}");
                await timer.WaitForNextTickAsync(timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Assert.Fail($"the sample never came so far:\n{await File.ReadAllTextAsync(_log, cancellation)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync(Signal.Term, Grace);
            _process.Dispose();
        }

        File.Delete(_log);
    }
}
