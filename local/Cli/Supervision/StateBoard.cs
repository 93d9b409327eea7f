using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>The supervisor's view of everything, written to the state file on every change.</summary>
internal sealed class StateBoard
{
    private readonly Lock _gate = new();
    private readonly PlatformPaths _paths;
    private readonly List<string> _order;
    private readonly Dictionary<string, ProcessStatus> _processes;
    private PlatformState _state;

    public StateBoard(PlatformSettings settings, IEnumerable<CatalogueEntry> entries)
    {
        _paths = settings.Paths;
        _processes = entries.ToDictionary(entry => entry.Name, entry => new ProcessStatus(entry.Name, ProcessState.Waiting) { IsOptional = entry.Optional });
        _order = [.. _processes.Keys];
        _state = new PlatformState
        {
            SupervisorId = Environment.ProcessId,
            SupervisorStartTicks = ProcessSnapshot.Of(Environment.ProcessId)!.StartTicks,
            Phase = Phase.Starting,
            Settings = settings,
            Processes = [],
        };
        Enter(Phase.Starting);
    }

    public string LogOf(string name) => _paths.LogOf(name);

    public ProcessStatus this[string name]
    {
        get
        {
            lock (_gate)
                return _processes[name];
        }
    }

    public void Update(string name, Func<ProcessStatus, ProcessStatus> change)
    {
        lock (_gate)
        {
            var before = _processes[name];
            var after = change(before);
            if (after == before)
                return;
            _processes[name] = after;
            Save(_state);
        }
    }

    public void Enter(Phase phase, string? message = null)
    {
        lock (_gate)
            Save(_state with { Phase = phase, Message = message ?? _state.Message });
    }

    private void Save(PlatformState state)
    {
        _state = state with { Processes = [.. _order.Select(name => _processes[name])] };
        _state.Save(_paths);
    }
}
