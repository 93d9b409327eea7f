using Commerce.Processing;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>One partition of a topology: its state, its timers and how far its inputs are done.</summary>
internal sealed class PartitionTask
{
    private readonly Dictionary<string, StateStore> _stores;
    private DateTimeOffset _committedStreamTime = DateTimeOffset.MinValue;

    private readonly bool _areKeysParked;

    /// <param name="areKeysParked">Lines of letters are kept by key, and hold its timers back.</param>
    public PartitionTask(int partition, IEnumerable<StateStore> stores, bool areKeysParked = false)
    {
        Partition = partition;
        _areKeysParked = areKeysParked;
        _stores = stores.ToDictionary(store => store.Name, StringComparer.Ordinal);
        Lines = _stores.GetValueOrDefault(LineDefinition.StoreName) as StateStore<ParkedKey>;
    }

    public int Partition { get; }

    public IReadOnlyCollection<StateStore> Stores => _stores.Values;

    /// <summary>Lines of letters; null when letters cannot be retried.</summary>
    public StateStore<ParkedKey>? Lines { get; }

    /// <summary>Null until <see cref="Activate"/>, and for topologies without timers.</summary>
    public TimerStore? Timers { get; private set; }

    public DateTimeOffset StreamTime { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Next offset by input topic, as last committed.</summary>
    public Dictionary<string, long> Positions { get; } = new(StringComparer.Ordinal);

    /// <summary>Its state is complete: builds what is derived from it.</summary>
    public void Activate() =>
        Timers = _stores.TryGetValue(TimerStore.StoreName, out var entries) ? new TimerStore((StateStore<TimerEntry>)entries, _areKeysParked ? Lines : null) : null;

    /// <summary>Changes a line as part of the record at hand; null ends it.</summary>
    public void SetLine(string id, ParkedKey? line)
    {
        Lines!.Set(id, line);
        if (line is null)
            Timers?.Release(id);
    }

    /// <exception cref="TopologyException">The topology does not declare the store.</exception>
    public StateStore Store(string name) =>
        _stores.GetValueOrDefault(name) ?? throw new TopologyException($"the topology has no store '{name}': add .WithState(store)");

    public void Observe(DateTimeOffset timestamp)
    {
        if (timestamp > StreamTime)
            StreamTime = timestamp;
    }

    public void AcceptRecord()
    {
        foreach (var store in _stores.Values)
            store.AcceptRecord();
        Timers?.AcceptRecord();
    }

    public void RollbackRecord()
    {
        foreach (var store in _stores.Values)
            store.RollbackRecord();
        Timers?.RollbackRecord();
    }

    public void AcceptTransaction()
    {
        foreach (var store in _stores.Values)
            store.AcceptTransaction();
        Timers?.AcceptTransaction();
        _committedStreamTime = StreamTime;
    }

    public void RollbackTransaction()
    {
        foreach (var store in _stores.Values)
            store.RollbackTransaction();
        Timers?.RollbackTransaction();
        StreamTime = _committedStreamTime;
    }
}
