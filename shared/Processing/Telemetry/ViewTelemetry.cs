using System.Diagnostics.Metrics;

namespace Commerce.Streaming.Processing.Telemetry;

/// <summary>Metrics of a topology's views.</summary>
internal sealed class ViewTelemetry : IDisposable
{
    private readonly Meter _meter = new(MessagingNames.Instruments);
    private readonly Counter<long> _writes;
    private readonly Counter<long> _rebuilds;
    private readonly KeyValuePair<string, object?> _topology;

    public ViewTelemetry(Topology topology)
    {
        _topology = new KeyValuePair<string, object?>(MessagingNames.Topology, topology.Name);
        _writes = _meter.CreateCounter<long>(MessagingNames.ViewWrites, "{key}", "Keys written to views.");
        _rebuilds = _meter.CreateCounter<long>(MessagingNames.ViewRebuilds, "{rebuild}", "Views rebuilt from the state.");
        _meter.CreateObservableGauge(
            MessagingNames.ViewStale, () => new Measurement<int>(StaleCount(), _topology), "{partition}", "Partitions whose view is stale.");
        _meter.CreateObservableGauge(
            MessagingNames.ViewLag,
            () => Lags().Select(each => new Measurement<long>(
                each.Behind, _topology, new(MessagingNames.View, each.View), new(MessagingNames.Partition, each.Partition))),
            "{record}",
            "Changelog records that a view lacks.");
    }

    public Func<IEnumerable<(string View, int Partition, long Behind)>> Lags { get; set; } = static () => [];

    public Func<int> StaleCount { get; set; } = static () => 0;

    public void Written(int keys, bool isRebuild)
    {
        _writes.Add(keys, _topology);
        if (isRebuild)
            _rebuilds.Add(1, _topology);
    }

    public void Dispose() => _meter.Dispose();
}
