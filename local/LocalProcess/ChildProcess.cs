using System.Diagnostics;

namespace Commerce.Streaming.LocalProcess;

/// <summary>A running child. It does not end with this object, but with <see cref="StopAsync"/> or with our own process.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    internal ChildProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        StartTicks = ProcessSnapshot.Of(Id)?.StartTicks ?? 0;
        Exited = process.WaitForExitAsync();
    }

    public int Id { get; }

    /// <summary>With <see cref="Id"/> names this process for good; zero when it ended at once.</summary>
    public long StartTicks { get; }

    /// <summary>Completes when the process has ended and has been reaped.</summary>
    public Task Exited { get; }

    public bool HasExited => Exited.IsCompleted;

    /// <summary>Exit code, or 128 + signal number. Only once <see cref="Exited"/> is complete.</summary>
    public int ExitCode => _process.ExitCode;

    public bool Send(Signal signal) => !HasExited && Posix.Send(Id, signal);

    /// <summary>Asks by the given signal, and kills what is still there after the grace time. Returns true when it ended by itself.</summary>
    public async Task<bool> StopAsync(Signal signal, TimeSpan grace)
    {
        Send(signal);
        var timely = await Task.WhenAny(Exited, Task.Delay(grace)) == Exited;
        if (!timely)
            Send(Signal.Kill);
        await Exited;
        return timely;
    }

    public void Dispose() => _process.Dispose();
}
