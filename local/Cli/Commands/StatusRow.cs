using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>One process as `status` shows it.</summary>
/// <param name="CpuPercent">Of one core, over a short sample.</param>
public sealed record StatusRow(
    string Name, ProcessState State, int? ProcessId, int Restarts, string? Reason, string Address, ResourceUse? Use, double? CpuPercent, bool IsSettled)
{
    /// <summary>Reads the state file and asks the kernel: a process that has gone since the file was written is not ready.</summary>
    public static async Task<IReadOnlyList<StatusRow>> ReadAsync(
        PlatformSettings settings, PlatformState? state, TimeSpan sample, CancellationToken cancellation)
    {
        var catalogue = Catalogue.Load();
        var statuses = state?.Processes ?? [.. catalogue.Active(settings).Select(entry => new ProcessStatus(entry.Name, ProcessState.Stopped))];
        var before = statuses.ToDictionary(status => status.Name, Cpu);
        if (state?.IsLive == true)
            await Task.Delay(sample, cancellation);
        return [.. statuses.Select(status => Read(settings, catalogue, status, before[status.Name], sample))];
    }

    private static StatusRow Read(PlatformSettings settings, Catalogue catalogue, ProcessStatus status, double? cpuBefore, TimeSpan sample)
    {
        var alive = IsAlive(status);
        var use = alive ? ResourceUse.Of(status.ProcessId!.Value) : null;
        var gone = !alive && status.State is not ProcessState.Done;
        var shown = !gone || status.State is ProcessState.Waiting or ProcessState.Restarting ? status.State : ProcessState.Stopped;
        var percent = use is not null && cpuBefore is { } earlier ? Math.Round((use.CpuSeconds - earlier) / sample.TotalSeconds * 100) : (double?)null;
        return new StatusRow(status.Name, shown, alive ? status.ProcessId : null, status.Restarts, status.Reason, AddressOf(settings, catalogue, status.Name), use, percent,
            (status with { State = shown }).IsSettled);
    }

    private static double? Cpu(ProcessStatus status) => IsAlive(status) ? ResourceUse.Of(status.ProcessId!.Value)?.CpuSeconds : null;

    private static bool IsAlive(ProcessStatus status) =>
        status is { ProcessId: { } id, StartTicks: { } ticks } && ProcessSnapshot.IsAlive(id, ticks);

    private static string AddressOf(PlatformSettings settings, Catalogue catalogue, string name)
    {
        var entry = catalogue.Processes.FirstOrDefault(candidate => candidate.Name == name);
        return entry is null
            ? ""
            : string.Join(' ', entry.Ports.Where(port => !port.Key.StartsWith("otlp", StringComparison.Ordinal))
                .Select(port => port.Key is "http" or "registry" ? settings.Ports.Url(port.Value) : settings.Ports.Endpoint(port.Value)));
    }
}
