using System.Diagnostics.Metrics;

namespace Commerce.Streaming.Processing.Telemetry;

/// <summary>
/// Whether a pipeline processes records. A pipeline that cannot start, because a topic or the registry is away, has no lag to report: this
/// is where it shows.
/// </summary>
internal sealed class ReadyTelemetry : IDisposable
{
    private readonly Meter _meter = new(MessagingNames.Instruments);

    public ReadyTelemetry(string topology, Func<bool> isReady)
    {
        var tag = new KeyValuePair<string, object?>(MessagingNames.Topology, topology);
        _meter.CreateObservableGauge(
            MessagingNames.Ready, () => new Measurement<int>(isReady() ? 1 : 0, tag), "{pipeline}", "1 when records are processed.");
    }

    public void Dispose() => _meter.Dispose();
}
