namespace Commerce.Streaming.Processing.Hosting;

/// <summary>How a topology is doing; written by its thread, read by health checks.</summary>
internal sealed class TopologyStatus(string name, TimeProvider clock)
{
    private volatile string? _notReady = "it has not started";
    private long _lastTurn = clock.GetTimestamp();

    public string Name { get; } = name;

    /// <summary>Null when records are processed (or there is no partition to process), else why not, in one sentence.</summary>
    public string? NotReady
    {
        get => _notReady;
        set => _notReady = value;
    }

    /// <summary>How long ago the loop last turned.</summary>
    public TimeSpan SinceLastTurn => clock.GetElapsedTime(Volatile.Read(ref _lastTurn));

    public void Turned() => Volatile.Write(ref _lastTurn, clock.GetTimestamp());
}
