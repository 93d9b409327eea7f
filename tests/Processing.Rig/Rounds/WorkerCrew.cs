using System.Globalization;
using Commerce.Streaming.Processing.Rig.Counting;

namespace Commerce.Streaming.Processing.Rig.Rounds;

/// <summary>
/// Worker processes by slot. Whoever ends by himself is started again, as a supervisor does, and counted: with a topology that mends
/// itself that should be rare.
/// </summary>
internal sealed class WorkerCrew(Addresses servers, CountingTopology topology, int slots, Action<string> log) : IAsyncDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);
    private readonly WorkerProcess?[] _workers = new WorkerProcess?[slots];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Settings of the workers beside the addresses.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];

    public int Slots => slots;

    /// <summary>Workers that ended by themselves.</summary>
    public int Exits { get; private set; }

    /// <summary>Topologies that were built anew within their process.</summary>
    public int Rebuilds { get; private set; }

    public bool Has(int slot) => _workers[slot] is not null;

    public void Begin() => _watching = WatchAsync();

    public void Join(int slot) =>
        _workers[slot] = WorkerProcess.Start(servers, topology, slot.ToString(CultureInfo.InvariantCulture), [.. Settings]);

    public async Task KillAsync(int slot)
    {
        await _gate.WaitAsync();
        try
        {
            Take(slot)?.Dispose();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task LeaveAsync(int slot)
    {
        await _gate.WaitAsync();
        try
        {
            if (Take(slot) is not { } worker)
                return;
            using (worker)
            {
                if (await worker.StopAsync() is not 0 and var code)
                    log($"worker {slot} stopped with {code}: {LastError(worker)}");
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Hangs it for so long; what its partitions' new owner does meanwhile is for it to find out.</summary>
    public async Task HangAsync(int slot, TimeSpan time)
    {
        if (_workers[slot] is not { HasExited: false } worker)
            return;
        worker.Pause();
        await Task.Delay(time);
        worker.Resume();
    }

    public async Task LeaveAllAsync()
    {
        for (var slot = 0; slot < slots; slot++)
            await LeaveAsync(slot);
    }

    /// <summary>What each worker said last, for a run that failed.</summary>
    public IEnumerable<(int Slot, string Log)> Logs() =>
        _workers.Select((worker, slot) => (slot, worker?.Log ?? "")).Where(entry => entry.Item2.Length > 0);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        for (var slot = 0; slot < slots; slot++)
            Take(slot)?.Dispose();
        _stop.Dispose();
        _gate.Dispose();
    }

    private WorkerProcess? Take(int slot)
    {
        var worker = _workers[slot];
        _workers[slot] = null;
        if (worker is not null)
            Rebuilds += worker.Log.Split("starts anew from its committed state").Length - 1;
        return worker;
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(WatchInterval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _gate.WaitAsync();
            try
            {
                RestartExited();
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    private void RestartExited()
    {
        for (var slot = 0; slot < slots; slot++)
        {
            if (_workers[slot] is not { HasExited: true } ended)
                continue;
            Exits++;
            log($"worker {slot} ended by itself with {ended.ExitCode}: {LastError(ended)}");
            Take(slot);
            ended.Dispose();
            if (!_stop.IsCancellationRequested)
                Join(slot);
        }
    }

    private static string LastError(WorkerProcess worker) =>
        worker.Log.Split('\n').LastOrDefault(line => line.Contains("Exception", StringComparison.Ordinal))?.Trim() ?? "";
}
